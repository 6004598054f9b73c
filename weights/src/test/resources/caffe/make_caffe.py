#!/usr/bin/python3
"""Writes, with protobuf's own writer, a small network in each generation of Caffe's layers.

needs: protoc and python3-protobuf. The values of array i of layer j are 100 j + i, 100 j + i + 1/4, ...
"""
import os, subprocess, sys, tempfile

with tempfile.TemporaryDirectory() as made:
    here = os.path.dirname(os.path.abspath(__file__))
    subprocess.run(['protoc', f'-I{here}', f'--python_out={made}', 'caffe.proto'], check=True)
    sys.path.insert(0, made)
    import caffe_pb2 as c

LAYERS = [('conv1_1', 'Convolution', 4, 'conv', [(4, 3, 3, 3), (4,)]),
          ('relu1_1', 'ReLU', 18, 'relu', []),
          ('fc6', 'InnerProduct', 14, 'innerproduct', [(5, 16), (5,)]),
          ('upscore', 'Deconvolution', 39, 'deconv', [(2, 2, 4, 4)])]

def fill(blob, shape, layer, index, old):
    if old:
        four = (1,) * (4 - len(shape)) + shape
        blob.num, blob.channels, blob.height, blob.width = four
    else:
        blob.shape.dim.extend(shape)
    count = 1
    for d in shape:
        count *= d
    values = [100 * layer + index + k / 4 for k in range(count)]
    (blob.double_data if layer == 3 and not old else blob.data).extend(values)
    if layer == 0:
        blob.diff.extend([-1.0] * count)

def net(generation):
    n = c.NetParameter(name='tiny', input=['data'], input_dim=[1, 3, 8, 8], force_backward=True)
    for j, (name, text, number, oldest, shapes) in enumerate(LAYERS):
        if generation == 2:
            layer = n.layer.add(name=name, type=text, bottom=['data'], top=[name], phase=1)
            layer.convolution_param.num_output = 4
        elif generation == 1:
            layer = n.layers.add(name=name, type=number, bottom=['data'], top=[name], blobs_lr=[1, 2])
            layer.convolution_param.num_output = 4
        else:
            layer = n.layers.add(bottom=['data'], top=[name]).layer
            layer.name, layer.type, layer.num_output = name, oldest, 4
        for i, shape in enumerate(shapes):
            fill(layer.blobs.add(), shape, j, i, generation < 2)
    return n

for generation, file in enumerate(['v0.caffemodel', 'v1.caffemodel', 'current.caffemodel']):
    with open(file, 'wb') as f:
        f.write(net(generation).SerializeToString())
