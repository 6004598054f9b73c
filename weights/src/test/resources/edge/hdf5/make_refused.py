#!/usr/bin/python3
"""Writes small HDF5 files that have to be refused: loops, links to other files, types that are no
numbers, absurd sizes.

usage: make_refused.py OUT_DIR
needs: python3-h5py, python3-numpy
"""
import os
import sys

import h5py
import numpy as np

out = sys.argv[1]


def new(name, **options):
    return h5py.File(os.path.join(out, name + '.h5'), 'w', **options)


with new('cycle') as f:
    f.create_group('g/h')['up'] = f['/']
with new('group_twice') as f:
    f['k'] = f.create_group('g')
with new('dataset_20_times') as f:
    f['x'] = 1.0
    for i in range(20):
        f[f'y{i}'] = f['x']
with new('external_link') as f:
    f['e'] = h5py.ExternalLink('/etc/passwd', '/x')
with new('external_data') as f:
    f.create_dataset('d', (4,), 'u1', external=[('/etc/passwd', 0, 4)])
with new('virtual', libver='latest') as f:
    layout = h5py.VirtualLayout((4,), 'f4')
    layout[:] = h5py.VirtualSource('other.h5', 'x', (4,))
    f.create_virtual_dataset('v', layout)
with new('compound') as f:
    f['c'] = np.zeros(3, [('a', 'f4'), ('b', 'i2')])
with new('variable_length') as f:
    f.create_dataset('v', (2,), h5py.vlen_dtype('f4'))
with new('reference') as f:
    f['x'] = [1, 2]
    f.create_dataset('r', data=np.array([f['x'].ref], dtype=h5py.ref_dtype))
with new('enumeration') as f:
    f.create_dataset('e', (2,), h5py.enum_dtype({'A': 0, 'B': 3}, 'i2'))
with new('array_type') as f:
    f.create_dataset('a', (2,), np.dtype(('f4', (3,))))
with new('opaque') as f:
    f['o'] = np.zeros(2, 'V3')
with new('committed') as f:
    f['t'] = np.dtype('f4')
    f.create_dataset('x', (2,), dtype=f['t'])
with new('scaleoffset') as f:
    f.create_dataset('s', data=np.arange(10), chunks=(5,), scaleoffset=2)
with new('growing', libver='latest') as f:
    f.create_dataset('s', data=np.arange(10), chunks=(5,), maxshape=(None,))
with new('deep', libver='latest') as f:
    f.create_group('/'.join(['g'] * 66))
with new('huge_chunked') as f:
    f.create_dataset('h', (2**40, 2**20), 'f4', chunks=(1024, 1024))
with new('huge_contiguous') as f:
    f.create_dataset('h', (2**50,), 'f4')
with new('large_chunk') as f:
    f.create_dataset('h', (10,), 'f4', chunks=(2**23,), maxshape=(None,))
with new('no_weight') as f:
    f.attrs['layer_names'] = [b'a']
    f.create_group('a').attrs['weight_names'] = [b'a/kernel:0']
with new('no_layer') as f:
    f.attrs['layer_names'] = [b'a']
with new('names_are_numbers') as f:
    f.attrs['layer_names'] = [1, 2]
with new('same_name') as f:
    f['x'] = 1.0
    g = f.create_group('model_weights')
    g.attrs['layer_names'] = np.array([], 'S1')
    g['x'] = 2.0
