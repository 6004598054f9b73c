#!/usr/bin/python3
"""Writes the golden VGG16 (weights.npz, graph names) as Caffe has it, with protobuf's own writer.

needs: protoc, python3-protobuf, python3-numpy. Run in src/test/resources/golden; makes caffe.caffemodel
(current layers and shapes) and caffe_v1.caffemodel (V1 layers, four-dimensional shapes).
"""
import os, subprocess, sys, tempfile
import numpy as np

with tempfile.TemporaryDirectory() as made:
    here = os.path.dirname(os.path.abspath(__file__))
    subprocess.run(['protoc', f'-I{here}', f'--python_out={made}', 'caffe.proto'], check=True)
    sys.path.insert(0, made)
    import caffe_pb2 as c

LAYERS = [f'conv{b}_{i}' for b, n in enumerate([2, 2, 3, 3, 3], 1) for i in range(1, n + 1)] + ['fc6', 'fc7', 'fc8']

def kernel(name, graph):
    if name == 'conv1_1':
        graph = graph[:, :, ::-1]  # RGB to BGR
    oihw = graph.transpose(3, 2, 0, 1)  # HWIO to OIHW
    return oihw.reshape(len(oihw), -1) if name.startswith('fc') else oihw

def fill(blob, values, old):
    if old:
        blob.num, blob.channels, blob.height, blob.width = (1,) * (4 - values.ndim) + values.shape
    else:
        blob.shape.dim.extend(values.shape)
    blob.data.extend(values.ravel().tolist())

weights = np.load('weights.npz')
for file, old in [('caffe.caffemodel', False), ('caffe_v1.caffemodel', True)]:
    n = c.NetParameter(name='VGG16')
    for name in LAYERS:
        dense = name.startswith('fc')
        if old:
            layer = n.layers.add(name=name, type=14 if dense else 4)
        else:
            layer = n.layer.add(name=name, type='InnerProduct' if dense else 'Convolution')
        fill(layer.blobs.add(), kernel(name, weights[f'vgg16/{name}/kernel']), old)
        fill(layer.blobs.add(), weights[f'vgg16/{name}/bias'], old)
    with open(file, 'wb') as f:
        f.write(n.SerializeToString())
