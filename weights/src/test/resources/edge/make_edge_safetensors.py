#!/usr/bin/python3
"""Writes all_dtypes.safetensors, byte by byte as the format's description has it, and
all_dtypes_safetensors.txt: name, dtype, shape and bytes (hex) of each tensor.

usage: make_edge_safetensors.py OUT_DIR
needs: Debian's python3-numpy, python3-torch (bfloat16)
"""
import json, os, struct, sys
import numpy as np
import torch

out = sys.argv[1]
rng = np.random.RandomState(5)
NUMPY = {'BOOL': ('bool', '?'), 'U8': ('uint8', 'u1'), 'I8': ('int8', 'i1'), 'I16': ('int16', '<i2'),
         'U16': ('uint16', '<u2'), 'F16': ('float16', '<f2'), 'I32': ('int32', '<i4'),
         'U32': ('uint32', '<u4'), 'F32': ('float32', '<f4'), 'C64': ('complex64', '<c8'),
         'F64': ('float64', '<f8'), 'I64': ('int64', '<i8'), 'U64': ('uint64', '<u8')}
FLOAT8 = {'F8_E5M2': 'float8_e5m2', 'F8_E4M3': 'float8_e4m3fn', 'F8_E8M0': 'float8_e8m0fnu',
          'F8_E5M2FNUZ': 'float8_e5m2fnuz', 'F8_E4M3FNUZ': 'float8_e4m3fnuz'}

tensors = []
for code, (label, descr) in NUMPY.items():
    for shape in ((), (3,), (2, 0, 3), (2, 3, 1)):
        array = np.asarray(rng.randn(*shape) * 100).astype(descr)
        tensors.append((f'{label}.{len(tensors)}', code, label, shape, array.tobytes()))
for shape in ((), (3,), (4, 2)):
    bits = torch.randn(shape).to(torch.bfloat16).contiguous().view(torch.int16).numpy()
    tensors.append((f'bfloat16.{len(tensors)}', 'BF16', 'bfloat16', shape, bits.astype('<i2').tobytes()))
for code, label in FLOAT8.items():
    tensors.append((label, code, label, (16, 16), bytes(range(256))))
tensors.append(('Größe/\u5927 "quoted"\\\n\U0001f600', 'F32', 'float32', (1,), struct.pack('<f', 1.5)))

# The bytes lie in another order than the header's.
order = list(range(len(tensors)))
rng.shuffle(order)
begin, data = {}, b''
for i in order:
    begin[i] = len(data)
    data += tensors[i][4]
header = {'__metadata__': {'format': 'np', 'note': 'line\nbreak', 'empty': ''}}
for i, (name, code, _, shape, raw) in enumerate(tensors):
    header[name] = {'dtype': code, 'shape': shape, 'data_offsets': [begin[i], begin[i] + len(raw)]}
text = json.dumps(header).encode()
with open(os.path.join(out, 'all_dtypes.safetensors'), 'wb') as f:
    f.write(struct.pack('<Q', len(text)) + text + data)
with open(os.path.join(out, 'all_dtypes_safetensors.txt'), 'w') as f:
    for name, _, label, shape, raw in tensors:
        f.write('\t'.join([json.dumps(name), label, str(list(shape)), raw.hex()]) + '\n')
