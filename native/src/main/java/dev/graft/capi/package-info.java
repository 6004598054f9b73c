/** The TensorFlow C API made safe. */
package dev.graft.capi;
