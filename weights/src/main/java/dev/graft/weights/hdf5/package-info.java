/**
 * The HDF5 files of Keras: a strict reader of the part of HDF5 that Keras and h5py write, which
 * takes nothing in a file for granted, and a writer of files laid out as Keras lays them out. The
 * stores opened are safe for use by several threads; everything else belongs to one.
 */
package dev.graft.weights.hdf5;
