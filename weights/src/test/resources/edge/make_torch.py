#!/usr/bin/python3
"""Writes, with PyTorch 1.13 and numpy, the .pth, .tar, .pt and .pkl files that the tests read, and
torch.txt, what they hold. Each file is read back with torch.load, so that it is known to be right.

A line of torch.txt is: which files, name, dtype, shape, bytes in C order and little-endian; between tabs.
"""
import collections, io, pickle, struct, tarfile, zipfile
import numpy as np
import torch

DTYPES = ['bool', 'uint8', 'int8', 'int16', 'int32', 'int64', 'float16', 'bfloat16', 'float32', 'float64',
          'complex64', 'complex128']
torch.manual_seed(1)

def values(dtype):
    a = torch.arange(6).reshape(2, 3)
    return (a % 2 == 1) if dtype == 'bool' else a.to(getattr(torch, dtype)) * ((1 - 1j) if 'complex' in dtype else 1)

base = torch.arange(120, dtype=torch.float32)
tensors = collections.OrderedDict((t, values(t)) for t in DTYPES)
for t in DTYPES:
    tensors[t + '_transposed'] = values(t).t()
tensors['sliced'] = base[7:19].reshape(3, 4)
tensors['columns'] = base.reshape(10, 12)[1:9:3, 2:11:2]
tensors['permuted'] = base.reshape(2, 3, 4, 5).permute(3, 1, 0, 2)
tensors['channels_last'] = base.reshape(2, 3, 4, 5).clone().contiguous(memory_format=torch.channels_last)
tensors['expanded'] = torch.arange(3, dtype=torch.float32).reshape(3, 1).expand(2, 3, 4)
tensors['overlapping'] = base.as_strided((4, 3), (2, 1), 5)
tensors['no_dimensions'] = torch.tensor(2.5)
tensors['one_of_many'] = base[100]
tensors['empty'] = torch.zeros(0, 3)
tensors['empty_view'] = base[5:5]
tensors['wide'] = torch.arange(300, dtype=torch.int16).reshape(3, 100).t()
tensors['parameter'] = torch.nn.Parameter(torch.ones(2, 1))

model = torch.nn.Sequential(collections.OrderedDict(features=torch.nn.Conv2d(1, 2, 2), norm=torch.nn.BatchNorm2d(2)))
optimizer = torch.optim.SGD(model.parameters(), lr=0.5, momentum=0.9)
model(torch.ones(2, 1, 3, 3)).sum().backward()
optimizer.step()
attributed = torch.ones(2, dtype=torch.int32)
attributed.note = 'hello'
count = collections.Counter(); count['a'] = 2
default = collections.defaultdict(list); default['x'] = torch.tensor([3])

everything = dict(
    tensors=tensors, state_dict=model.state_dict(), optimizer=optimizer.state_dict(), epoch=90, best=71.5,
    done=True, nothing=None, arch='vgg16', mixed=[1, torch.tensor([1, 2])],
    nested={'a': {'b.c': torch.tensor([7])}, 3: torch.tensor([8])}, tuple=(1, 'x', None), empty={}, no_items=[],
    dtype=torch.float16, device=torch.device('cuda', 1), size=torch.Size([2, 3]), attributed=attributed,
    counter=count, default=default, array=np.float32([[1, 2], [3, 4]]), scalar=np.float64(0.25),
    storage=torch.arange(3, dtype=torch.int16).storage())
everything['caf\u00e9'] = '\u00e9\n'

torch.save(everything, 'torch_zip.pth')
torch.save(everything, 'torch_legacy.pth', _use_new_zipfile_serialization=False)

def rewrite(source, destination, method, change=lambda name, data: data, extra={}):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(destination, 'w', method) as new:
        for name in old.namelist() + list(extra):
            data = change(name, old.read(name)) if name not in extra else extra[name]
            new.writestr(zipfile.ZipInfo(name), data, method)

rewrite('torch_zip.pth', 'torch_deflated.pth', zipfile.ZIP_DEFLATED)

big = {'short': values('int16').t(), 'float': values('float32'), 'complex': values('complex128')}
buffer = io.BytesIO(); torch.save(big, buffer)

def swapped(name, data):
    if '/data/' not in name:
        return data
    width = {6 * 2: 2, 6 * 4: 4, 6 * 16: 8}[len(data)]
    return np.frombuffer(data, f'u{width}').byteswap().tobytes()

rewrite(buffer, 'torch_big.pth', zipfile.ZIP_STORED, swapped, {'archive/byteorder': b'big'})

class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.features = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 2))
        self.register_buffer('steps', torch.arange(3))
        self.sizes = [1, 2]
        self.halves = {'a': torch.ones(1).half()}
    def forward(self, x):
        return self.features(x) + self.steps[0] + self.sizes[0] + self.halves['a']

net = torch.jit.script(Net())
torch.jit.save(net, 'torch_script.pt')

def tar(destination):
    """The form of PyTorch 0.1, as its own reader in torch.serialization describes it."""
    storages, ids, objects = {}, {}, {}
    weights = collections.OrderedDict((k, tensors[k]) for k in ('float32', 'int64_transposed', 'sliced', 'columns'))
    for tensor in weights.values():
        s = tensor.storage()
        storages[s.data_ptr()] = s
    out = {}
    def dumps(value):
        return pickle.dumps(value, 2)
    class Pickler(pickle.Pickler):
        def persistent_id(self, value):
            return str(ids[id(value)]) if id(value) in ids else None
    keys = {p: 5 * 10**9 + i for i, p in enumerate(storages)}
    f = io.BytesIO(); f.write(dumps(len(storages)))
    for p, s in storages.items():
        f.write(dumps((keys[p], 'cpu', getattr(torch, s.pickle_storage_type()))))
        f.write(struct.pack('<q', s.size())); f.write(bytes(s.untyped()))
    viewed = keys[tensors['sliced'].storage().data_ptr()]
    f.write(dumps([(77, viewed, 10, 100)])); out['storages'] = f.getvalue()
    f = io.BytesIO(); f.write(dumps(len(weights) + 1))
    entries = [(t, keys[t.storage().data_ptr()], t.storage_offset(), t.size(), t.stride()) for t in weights.values()]
    view = base[10:110][20:26].reshape(2, 3)
    entries.append((view, 77, 20, view.size(), view.stride()))
    for i, (t, key, offset, size, stride) in enumerate(entries):
        ids[id(t)] = 100 + i
        f.write(dumps((100 + i, key, torch.FloatTensor)))
        f.write(struct.pack(f'<q{t.dim()}q{t.dim()}qq', t.dim(), *size, *stride, offset))
    out['tensors'] = f.getvalue()
    weights['view'] = view
    f = io.BytesIO(); Pickler(f, 2).dump(weights); out['pickle'] = f.getvalue()
    out['sys_info'] = dumps(dict(protocol_version=1000, little_endian=True, type_sizes=dict(short=2, int=4, long=4)))
    with tarfile.open(destination, 'w:', format=tarfile.PAX_FORMAT) as archive:
        for name in ('sys_info', 'pickle', 'tensors', 'storages'):
            info = tarfile.TarInfo(name); info.size = len(out[name]); info.mtime = 1.5
            archive.addfile(info, io.BytesIO(out[name]))
    loaded = torch.load(destination)
    for name, tensor in weights.items():
        assert torch.equal(loaded[name], tensor), name
    return weights

tar_weights = tar('torch_tar.tar')
numpy = {'a': np.float32([[1, 2], [3, 4]]), 'b': [np.arange(3), np.arange(2)], 'c': {0: np.float64([5])}}
for protocol in range(6):
    with open(f'numpy_p{protocol}.pkl', 'wb') as f:
        pickle.dump(numpy, f, protocol)

def array(prefix, name, value):
    if isinstance(value, torch.Tensor):
        value = value.detach()
        dtype = str(value.dtype)[6:]
        data = value.contiguous().view(torch.int16).numpy() if dtype == 'bfloat16' else value.numpy()
    else:
        data = np.asarray(value); dtype = data.dtype.name
    return f'{prefix}\t{name}\t{dtype}\t{list(data.shape)}\t{data.tobytes("C").hex()}\n'

def lines(prefix, name, value):
    if isinstance(value, dict):
        for k, v in value.items():
            yield from lines(prefix, f'{name}[{k}]' if isinstance(k, int) else f'{name}.{k}' if name else k, v)
    elif isinstance(value, list) and any(not isinstance(v, (int, float)) for v in value):
        for i, v in enumerate(value):
            yield from lines(prefix, f'{name}[{i}]', v)
    elif isinstance(value, (torch.Tensor, np.ndarray, np.generic)):
        yield array(prefix, name, value)
    elif isinstance(value, torch.TypedStorage):
        yield array(prefix, name, torch.tensor(list(value), dtype=value.dtype))

zip_loaded, legacy_loaded = torch.load('torch_zip.pth', map_location='cpu'), torch.load('torch_legacy.pth')
with open('torch.txt', 'w', encoding='utf-8') as f:
    f.writelines(lines('all', '', everything))
    f.writelines(lines('big', '', big))
    f.writelines(lines('tar', '', tar_weights))
    f.writelines(lines('script', '', {**net.state_dict(), 'halves.a': net.halves['a']}))
    f.writelines(lines('numpy', '', numpy))
for loaded in (zip_loaded, legacy_loaded):
    assert list(lines('all', '', loaded)) == list(lines('all', '', everything))
