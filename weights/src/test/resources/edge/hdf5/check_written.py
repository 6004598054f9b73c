#!/usr/bin/python3
"""Reads a file that KerasH5WriterTest writes (written.h5) with h5py, as Keras reads it.

usage: check_written.py written.h5
needs: python3-h5py, python3-numpy
"""
import sys

import h5py
import numpy as np

DTYPES = ('bool int8 uint8 int16 uint16 int32 uint32 int64 uint64 float16 bfloat16 float32 float64 '
          'complex64 complex128').split()

with h5py.File(sys.argv[1], 'r') as f:
    layers = [n.decode('utf8') for n in f.attrs['layer_names']]
    assert layers == DTYPES, layers
    assert f.attrs['backend'].decode() == 'tensorflow' and f.attrs['keras_version'].decode() == '2.2.4'
    assert set(f) == {*DTYPES, 'global_step', 'caf\u00e9'}, list(f)
    assert list(f['bool']) == ['kernel:0', 'scalar', 'empty'], 'order of creation'
    for name in layers:
        group = f[name]
        weights = [n.decode('utf8') for n in group.attrs['weight_names']]
        assert weights == ['kernel:0', 'scalar', 'empty/of/' + name], weights
        kernel, scalar, empty = [group[w] for w in weights]
        expected = np.dtype('V2' if name == 'bfloat16' else name)
        for array, shape in ((kernel, (2, 3)), (scalar, ()), (empty, (0, 4))):
            assert array.dtype == expected and array.shape == shape, array
            raw = bytes(i % 2 if name == 'bool' else i for i in range(array.size * expected.itemsize))
            assert np.asarray(array[()]).tobytes() == raw, array
        if name == 'bfloat16':
            assert kernel.attrs['dtype'] == b'bfloat16'
    assert f['global_step'][()] == 17 and f['caf\u00e9'][()].tobytes() == b'\0\1\2'
    count = []
    f.visititems(lambda path, thing: count.append(path))
    assert len(count) == 15 * 6 + 2, len(count)
print('as expected')
