#!/usr/bin/python3
"""Writes small HDF5 files in the layouts of Keras 1, 2 and 3 and with h5py's storage options, and
truth.txt with one line for each array: file, name, dtype, shape, bytes (C order, little-endian, hex).

usage: make_hdf5.py OUT_DIR
needs: python3-h5py, python3-numpy
"""
import json
import os
import sys

import h5py
import numpy as np

out = sys.argv[1]
rng = np.random.RandomState(5)
truth = []


def data(*shape):
    return rng.randn(*shape).astype('f4')


def note(file, name, array):
    array = np.asarray(array)
    dtype = array.dtype.name
    raw = np.ascontiguousarray(array).astype(array.dtype.newbyteorder('<')).tobytes()
    truth.append('\t'.join([file, name, dtype, str(list(array.shape)), raw.hex()]))


def path(name):
    return os.path.join(out, name)


def keras_layers(group, layers, file):
    group.attrs['layer_names'] = [l.encode() for l in layers]
    group.attrs['backend'] = b'tensorflow'
    group.attrs['keras_version'] = b'2.2.4'
    for layer, weights in layers.items():
        g = group.create_group(layer)
        g.attrs['weight_names'] = [w.encode() for w in weights]
        for weight, value in weights.items():
            g.create_dataset(weight, data=value)
            note(file, layer + '/' + weight, value)


with h5py.File(path('keras1.h5'), 'w') as f:
    layers = {}
    for name, shape in (('block1_conv2', (3, 3, 2, 2)), ('block1_conv1', (3, 3, 3, 2))):
        layers[name] = {name + '_W_1:0': data(*shape), name + '_b_1:0': data(2)}
    layers['block1_pool'] = {}
    f.attrs['nb_layers'] = 3
    keras_layers(f, layers, 'keras1.h5')

with h5py.File(path('keras2.h5'), 'w') as f:
    keras_layers(f, {
        'z_conv': {'z_conv/kernel:0': data(3, 3, 3, 2), 'z_conv/bias:0': data(2)},
        'flatten': {},
        'a_dense': {'a_dense/kernel:0': data(4, 3), 'a_dense/bias:0': data(3)},
    }, 'keras2.h5')

with h5py.File(path('model.h5'), 'w') as f:
    f.attrs['keras_version'] = '2.11.0'
    f.attrs['backend'] = 'tensorflow'
    f.attrs['model_config'] = json.dumps({'class_name': 'Sequential', 'config': {'name': 'x' * 5000}})
    f.attrs['training_config'] = json.dumps({'loss': 'mse', 'note': 'caf\u00e9'}).encode()
    keras_layers(f.create_group('model_weights'), {
        'dense': {'dense/kernel:0': data(2, 3), 'dense/bias:0': data(3)},
    }, 'model.h5')
    f['model_weights'].create_group('top_level_model_weights').attrs['weight_names'] = np.array([])
    o = f.create_group('optimizer_weights')
    o.attrs['weight_names'] = [b'Adam/iter:0', b'Adam/dense/kernel/m:0']
    for name, value in (('Adam/iter:0', np.int64(17)), ('Adam/dense/kernel/m:0', data(2, 3))):
        o.create_dataset(name, data=value)
        note('model.h5', 'optimizer_weights/' + name, value)

with h5py.File(path('keras3.weights.h5'), 'w') as f:
    for name, value in (
            ('_layer_checkpoint_dependencies/dense/vars/0', data(3, 2)),
            ('layers/conv2d/vars/0', data(3, 3, 1, 2)),
            ('layers/conv2d/vars/1', data(2)),
            ('layers/dense/vars/0', data(3, 2)),
            ('optimizer/vars/0', np.int64(3))):
        f[name] = value
        note('keras3.weights.h5', name, value)
    f.create_group('layers/flatten/vars')
    # Keras 3 has bfloat16 as opaque bytes of this attribute.
    half = np.arange(4, dtype='u2').view('V2')
    f.create_dataset('layers/half/vars/0', data=half).attrs['dtype'] = 'bfloat16'
    truth.append('\t'.join(['keras3.weights.h5', 'layers/half/vars/0', 'bfloat16', '[4]', half.tobytes().hex()]))

DTYPES = ['?', 'i1', 'u1'] + [o + t for t in ('i2', 'u2', 'i4', 'u4', 'i8', 'u8', 'f2', 'f4', 'f8', 'c8', 'c16')
                             for o in '<>']
with h5py.File(path('dtypes.h5'), 'w') as f:
    for t in DTYPES:
        dtype = np.dtype(t)
        name = {'<': 'little_', '>': 'big_'}.get(t[0], '') + dtype.name
        raw = rng.randint(0, 100, (2, 3))
        value = (raw % 2 == 0) if t == '?' else (raw + (1j if dtype.kind == 'c' else 0)).astype(dtype)
        f[name] = value
        note('dtypes.h5', name, value)
    for name, value in (('scalar', np.float32(2.5)), ('empty', np.zeros((0, 3), 'f8')), ('one', np.ones((1,), 'i2'))):
        f[name] = value
        note('dtypes.h5', name, value)
    f['text'] = 'hello'
    f['texts'] = np.array([b'a', b'bc'])
    f['null'] = h5py.Empty('f4')
    f['soft'] = h5py.SoftLink('/one')
    f['same'] = f['one']
    note('dtypes.h5', 'same', np.ones((1,), 'i2'))
    f['one'].attrs['unit'] = 'ms'
    f['one'].attrs['scale'] = 0.5

for version, name in ((None, 'chunked.h5'), ('latest', 'chunked_latest.h5')):
    with h5py.File(path(name), 'w', libver=version) as f:
        for n, shape, chunk, options in (
                ('plain', (7, 5), (3, 2), {}),
                ('gzip', (7, 5, 2), (3, 5, 2), dict(compression='gzip')),
                ('shuffle', (10, 4), (4, 4), dict(compression='gzip', shuffle=True)),
                ('lzf', (6, 40), (6, 16), dict(compression='lzf', shuffle=True)),
                ('fletcher', (5, 3), (2, 3), dict(fletcher32=True)),
                ('all', (9,), (4,), dict(fletcher32=True, shuffle=True, compression='gzip')),
                ('single', (6, 3), (6, 3), {}),
                ('single_gzip', (6, 3), (6, 3), dict(compression='gzip')),
                ('many', (20, 8), (1, 1), {})):
            value = (np.round(data(*shape)) if n != 'many' else np.arange(160).reshape(20, 8)).astype('>f4' if n == 'gzip' else 'f4')
            if n == 'many' and version:
                value, chunk = np.arange(1100, dtype='u1'), (1,)
            f.create_dataset(n, data=value, chunks=chunk, **options)
            note(name, n, value)
        f.create_dataset('unwritten', (2, 2), 'i4', fillvalue=7)
        note(name, 'unwritten', np.full((2, 2), 7, 'i4'))
        d = f.create_dataset('partly', (6,), 'i2', chunks=(2,), fillvalue=-1)
        d[2:4] = 5
        note(name, 'partly', np.array([-1, -1, 5, 5, -1, -1], 'i2'))

with h5py.File(path('latest.h5'), 'w', libver='latest', track_order=True) as f:
    keras_layers(f, {f'layer{9 - i}': {f'layer{9 - i}/kernel:0': data(2, 2)} for i in range(10)}, 'latest.h5')
    for i in range(10):
        f.attrs[f'note{i}'] = i

with h5py.File(path('userblock.h5'), 'w', userblock_size=1024) as f:
    f['x'] = value = data(3)
    note('userblock.h5', 'x', value)

with open(path('truth.txt'), 'w') as t:
    t.write('\n'.join(truth) + '\n')
