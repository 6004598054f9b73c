#!/usr/bin/python2
"""Writes, with Python 2's own pickler, part of what edge.txt lists. Stand-ins take numpy's place: they
give the pickler what numpy's arrays give it, so that this needs no numpy for Python 2."""
import cPickle, collections, sys, types

def module(name, **members):
    m = sys.modules[name] = types.ModuleType(name)
    for k, v in members.items():
        v.__module__ = name
        setattr(m, k, v)

def _reconstruct(*args): pass

class dtype(object):
    def __init__(self, code, order): self.code, self.order = code, order
    def __reduce__(self):
        flags = 63 if self.order == '|' and self.code == 'O8' else 0
        return dtype, (self.code, 0, 1), (3, self.order, None, None, None, -1, -1, flags)

class ndarray(object):
    def __init__(self, shape, dtype, fortran, data):
        self.state = (1, shape, dtype, fortran, data)
    def __reduce__(self):
        return _reconstruct, (ndarray, (0,), 'b'), self.state

module('numpy', ndarray=ndarray, dtype=dtype)
module('numpy.core')
module('numpy.core.multiarray', _reconstruct=_reconstruct)

CODES = {'bool': 'b1', 'complex64': 'c8', 'complex128': 'c16'}
entries = collections.OrderedDict()
for line in open('edge.txt'):
    name, kind, shape, data = line.rstrip('\n').split('\t')
    data = data.decode('hex')
    shape = tuple(eval(shape))
    code = CODES.get(kind) or kind[0] + str(int(kind.strip('uintfloat')) // 8)
    array = ndarray(shape, dtype(code, '|' if code[1:] == '1' else '<'), False, data)
    if name == 'python_int':
        entries[name] = 1 << 40
    elif name == 'global_step':
        entries[name] = 12345L
    elif name.startswith('little_') and 'fortran' not in name:
        entries[name] = array
    elif name.endswith('[0]'):
        entries[name[:-3]] = {0: array} if name.startswith('indexed') else [array]
    elif name.endswith('[1]'):
        group = entries[name[:-3]]
        group.update({1: array}) if isinstance(group, dict) else group.append(array)
root = ndarray((), dtype('O8', '|'), False, [entries])
HEADER = b"\x93NUMPY\x01\x00F\x00{'descr': '|O', 'fortran_order': False, 'shape': (), }".ljust(79) + b'\n'
for protocol in range(3):
    with open('python2_p%d.npy' % protocol, 'wb') as f:
        f.write(HEADER + cPickle.dumps(root, protocol))
