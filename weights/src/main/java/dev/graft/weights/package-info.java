/** Weight containers: names, dtypes and shapes of arrays, their bytes left in the mapped file. */
package dev.graft.weights;
