#!/usr/bin/python3
"""Writes, with numpy, the dictionaries and archives that the tests read, and edge.txt, what they hold.

A line of edge.txt is: name, dtype, shape, bytes in C order and little-endian; between tabs.
"""
import collections, pickle
import numpy as np

DTYPES = ['b1', 'i1', 'u1', 'i2', 'u2', 'i4', 'u4', 'i8', 'u8', 'f2', 'f4', 'f8', 'c8', 'c16']
HEADER = b"\x93NUMPY\x01\x00v\x00{'descr': '|O', 'fortran_order': False, 'shape': (), }".ljust(127) + b'\n'

def values(dtype, order):
    a = np.arange(6).reshape(2, 3)
    a = a % 2 == 1 if dtype == 'b1' else a * (1 - 1j) if dtype[0] == 'c' else a - 2 if dtype[0] != 'u' else a
    return np.asarray(a).astype(order + dtype)

arrays = {}
for t in DTYPES:
    for o, name in (('<', 'little'), ('>', 'big')):
        arrays[f'{name}_{t}'] = values(t, o)
        arrays[f'{name}_fortran_{t}'] = np.asfortranarray(values(t, o))
arrays['empty'] = np.zeros((0, 3), np.float32)
arrays['no_dimensions'] = np.array(2.5, np.float32)
arrays['fortran_3d'] = np.asfortranarray(np.arange(24, dtype=np.float32).reshape(2, 3, 4))
arrays['caf\xe9'] = np.float32([9])

entries = collections.OrderedDict(arrays)
entries['global_step'] = np.int64(12345)
entries['int32_scalar'] = np.int32(-7)
entries['float_scalar'] = np.float32(1.5)
entries['python_int'] = 1 << 40
entries['python_float'] = 0.1
entries['python_bool'] = True
entries['tuple'] = (np.float32([1, 2]), np.float32([3]))
entries['list'] = [np.float32([4, 5]), np.float32([6])]
entries['indexed'] = {0: np.float32([7]), 1: np.float32([8])}
entries['shared'] = arrays['little_f4']

root = np.empty((), object)
root[()] = entries
for protocol in range(6):
    with open(f'edge_p{protocol}.npy', 'wb') as f:
        f.write(HEADER + pickle.dumps(root, protocol=protocol))
np.savez('stored.npz', **arrays)
np.savez_compressed('deflated.npz', **arrays)

def lines():
    for name, value in entries.items():
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, (list, tuple)):
            for i, v in enumerate(value):
                yield f'{name}[{i}]', v
        else:
            yield name, value

with open('edge.txt', 'w', encoding='utf-8') as f:
    for name, value in lines():
        if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
            value = np.int64(value)
        a = np.asarray(value)
        a = a.astype(a.dtype.newbyteorder('<'))
        f.write(f'{name}\t{a.dtype.name}\t{list(a.shape)}\t{a.tobytes("C").hex()}\n')
