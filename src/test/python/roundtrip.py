#!/usr/bin/env python3
"""Reads Graft's containers with the tools that own the formats, and writes theirs for Graft.

usage: roundtrip.py check CONTAINER PATH TRUTH   compares a container that Graft wrote, bit for bit
       roundtrip.py make TOOL FOLDER             writes containers with numpy, torch, h5py, safetensors

A line of a truth file is: name, dtype, shape such as [2, 3], bytes in C order and little-endian in
hexadecimal; between tabs. 'make' prints a line for each file: its name, and the container that Graft
calls it; beside each stands its truth, with the extension .truth.

Exit code: 0 equal or written; 1 different; 3 a Python module is missing, which is named.
"""
import ast, importlib, json, pathlib, struct, sys, zipfile

DIFFERENT, MISSING = 1, 3


def module(name):
    """A module, or the end of this program where it is missing."""
    try:
        return importlib.import_module(name)
    except ImportError as e:
        print(f'the Python module {name} is missing for {sys.executable} ({e})')
        sys.exit(MISSING)


def present(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


# What is there, as name -> (dtype, shape, bytes).

def of_numpy(a):
    a = a.astype(a.dtype.newbyteorder('<'))
    return a.dtype.name, list(a.shape), a.tobytes('C')


def read_dictionary(path, layout):
    np = module('numpy')
    found = {}
    for key, value in np.load(path, allow_pickle=True).item().items():
        kind = {list: 'npy-list', dict: 'npy-dict'}.get(type(value), 'npy-flat')
        if layout not in ('npy', kind):
            sys.exit(f'{key!r} is of layout {kind}, expected {layout}')
        if isinstance(value, (list, dict)):
            for i, a in value.items() if isinstance(value, dict) else enumerate(value):
                found[f'{key}[{i}]'] = of_numpy(a)
        else:
            found[key] = of_numpy(value)
    return found


def plain_npy(data):
    """An .npy, without numpy."""
    assert data[:6] == b'\x93NUMPY', 'no .npy'
    size, start = (struct.unpack('<H', data[8:10])[0], 10) if data[6] == 1 else (struct.unpack('<I', data[8:12])[0], 12)
    header = ast.literal_eval(data[start:start + size].decode('latin1'))
    assert not header['fortran_order'] and header['descr'][0] in '<|'
    kind, width = header['descr'][1], int(header['descr'][2:])
    names = {'b': 'bool', 'i': f'int{8 * width}', 'u': f'uint{8 * width}', 'f': f'float{8 * width}', 'c': f'complex{8 * width}'}
    return names[kind], list(header['shape']), data[start + size:]


def read_npz(path):
    np = present('numpy')
    if np:
        with np.load(path, allow_pickle=False) as z:
            return {name: of_numpy(z[name]) for name in z.files}
    print('numpy is missing: read with zipfile and ast instead')
    with zipfile.ZipFile(path) as z:
        assert z.testzip() is None
        return {name[:-4]: plain_npy(z.read(name)) for name in z.namelist()}


def read_folder(path):
    np = present('numpy')
    if not np:
        print('numpy is missing: read with ast instead')
    found = {}
    for file in sorted(pathlib.Path(path).rglob('*.npy')):
        name = str(file.relative_to(path))[:-4]
        found[name] = of_numpy(np.load(file, allow_pickle=False)) if np else plain_npy(file.read_bytes())
    return found


SAFETENSORS = {
    'BOOL': 'bool', 'I8': 'int8', 'U8': 'uint8', 'I16': 'int16', 'U16': 'uint16', 'I32': 'int32', 'U32': 'uint32',
    'I64': 'int64', 'U64': 'uint64', 'F16': 'float16', 'BF16': 'bfloat16', 'F32': 'float32', 'F64': 'float64',
    'C64': 'complex64', 'F8_E5M2': 'float8_e5m2', 'F8_E4M3': 'float8_e4m3fn', 'F8_E8M0': 'float8_e8m0fnu',
    'F8_E5M2FNUZ': 'float8_e5m2fnuz', 'F8_E4M3FNUZ': 'float8_e4m3fnuz'}


def plain_safetensors(path):
    data = pathlib.Path(path).read_bytes()
    size = struct.unpack('<Q', data[:8])[0]
    header = json.loads(data[8:8 + size])
    header.pop('__metadata__', None)
    body, found, end = data[8 + size:], {}, 0
    for name, entry in sorted(header.items(), key=lambda item: item[1]['data_offsets']):
        first, last = entry['data_offsets']
        assert first == end, f'a gap before {name}'
        end = last
        found[name] = SAFETENSORS[entry['dtype']], entry['shape'], body[first:last]
    assert end == len(body), 'trailing bytes'
    return found


def read_safetensors(path):
    found = plain_safetensors(path)
    owner = present('safetensors')
    if not owner:
        print('safetensors is missing: read with json and struct instead')
        return found
    with owner.safe_open(path, framework='np') as f:
        for name in f.keys():
            # What numpy has no dtype for is compared as json and struct see it.
            if not found[name][0].startswith(('bfloat', 'float8')):
                found[name] = of_numpy(f.get_tensor(name))
    return found


def of_torch(torch, t):
    name, shape = str(t.dtype).replace('torch.', ''), list(t.shape)
    t = t.detach().contiguous().reshape(-1)
    if t.dtype == torch.bfloat16:
        t = t.view(torch.int16)
    return name, shape, t.numpy().tobytes()


def read_torch(path):
    torch = module('torch')
    try:
        state = torch.load(path, weights_only=True)
    except TypeError:
        print(f'torch {torch.__version__} has no weights_only: read without it')
        state = torch.load(path)
    return {name: of_torch(torch, t) for name, t in state.items()}


def read_keras(path):
    """As Keras reads a weight file: by layer_names, then each layer's weight_names."""
    h5py = module('h5py')

    def text(s):
        return s.decode('utf8') if isinstance(s, bytes) else s
    found = {}
    with h5py.File(path, 'r') as f:
        assert text(f.attrs['backend']) == 'tensorflow' and 'keras_version' in f.attrs
        for layer in map(text, f.attrs['layer_names']):
            for weight in map(text, f[layer].attrs['weight_names']):
                dataset = f[layer][weight]
                dtype, shape, data = of_numpy(dataset[()] if dataset.shape else module('numpy').asarray(dataset[()]))
                found[f'{layer}/{weight}'] = text(dataset.attrs.get('dtype', dtype)), shape, data
    return found


def read_tensorflow(path):
    tf = module('tensorflow')
    reader = tf.train.load_checkpoint(path)
    found = {}
    for name in reader.get_variable_to_shape_map():
        a = reader.get_tensor(name)
        found[name] = of_numpy(a) if a.dtype.name != 'bfloat16' else ('bfloat16', list(a.shape), a.tobytes())
    return found


READERS = {
    'npy': lambda path: read_dictionary(path, 'npy'),
    'npy-flat': lambda path: read_dictionary(path, 'npy-flat'),
    'npy-list': lambda path: read_dictionary(path, 'npy-list'),
    'npy-dict': lambda path: read_dictionary(path, 'npy-dict'),
    'npz': read_npz, 'npy-folder': read_folder, 'safetensors': read_safetensors, 'torch': read_torch,
    'keras-h5': read_keras, 'tensorflow': read_tensorflow}


def check(container, path, truth):
    if container not in READERS:
        sys.exit(f'this script does not know how the container {container} is read')
    found = READERS[container](path)
    expected = {}
    for line in pathlib.Path(truth).read_text('utf8').splitlines():
        name, dtype, shape, data = line.split('\t')
        expected[name] = dtype, json.loads(shape), bytes.fromhex(data)
    problems = [f'missing {name}' for name in expected if name not in found]
    problems += [f'unexpected {name}' for name in found if name not in expected]
    problems += [
        f'{name}: {found[name][:2]} {found[name][2].hex()}, expected {e[:2]} {e[2].hex()}'
        for name, e in expected.items() if name in found and found[name] != e]
    if problems or not expected:
        print('\n'.join(problems or ['nothing to compare']))
        sys.exit(DIFFERENT)
    print(f'{container}: {len(expected)} arrays are equal')


# What tools write.

def sample_arrays(np):
    arrays = {}
    for i, dtype in enumerate('? i1 u1 i2 i4 i8 f2 f4 f8 c8 c16'.split()):
        a = (np.arange(24).reshape(2, 3, 4) - 5 + i) % 7
        arrays[f'layer{i}/kernel'] = a.astype(dtype)
        arrays[f'layer{i}/bias'] = np.asarray(i % 2).astype(dtype)
    arrays['layer_empty/kernel'] = np.zeros((0, 3), np.float32)
    arrays['layer_nan/kernel'] = np.array([np.nan, -np.inf, -0.0, 1e-45], np.float32)
    return arrays


def made(file, container, arrays):
    lines = ''.join(f'{name}\t{dtype}\t{shape}\t{data.hex()}\n' for name, (dtype, shape, data) in arrays.items())
    file.with_name(file.name + '.truth').write_text(lines, 'utf8')
    print(f'{file.name}\t{container}')


def make_numpy(folder):
    np = module('numpy')
    arrays = sample_arrays(np)
    arrays.update({f'{name}_big': a.astype(a.dtype.newbyteorder('>')) for name, a in list(arrays.items())})
    arrays.update({f'{name}_fortran': np.asfortranarray(a) for name, a in list(arrays.items())})
    truth = {name: of_numpy(a) for name, a in arrays.items()}
    np.savez(folder / 'stored.npz', **arrays)
    made(folder / 'stored.npz', 'npz', truth)
    np.savez_compressed(folder / 'deflated.npz', **arrays)
    made(folder / 'deflated.npz', 'npz', truth)
    np.save(folder / 'flat.npy', arrays, allow_pickle=True)
    made(folder / 'flat.npy', 'npy', truth)
    import pickle
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        file = folder / f'lists{protocol}.npy'
        lists = {name: [a, a[..., :1] if a.shape else a] for name, a in arrays.items()}
        root = np.empty((), object)
        root[()] = lists
        with open(file, 'wb') as f:
            np.lib.format.write_array_header_1_0(f, np.lib.format.header_data_from_array_1_0(root))
            pickle.dump(root, f, protocol)
        made(file, 'npy', {f'{name}[{i}]': of_numpy(a) for name, pair in lists.items() for i, a in enumerate(pair)})


def make_torch(folder):
    torch = module('torch')
    np = module('numpy')
    state = {name.replace('/', '.'): torch.from_numpy(a.copy()) for name, a in sample_arrays(np).items()}
    state['bfloat16'] = torch.arange(6).reshape(2, 3).to(torch.bfloat16)
    state['transposed'] = torch.arange(6, dtype=torch.float32).reshape(2, 3).t()
    state['a_part'] = torch.arange(20, dtype=torch.float64)[3:17:2]
    truth = {name: of_torch(torch, t) for name, t in state.items()}
    torch.save(state, folder / 'zip.pth')
    made(folder / 'zip.pth', 'torch', truth)
    torch.save(state, folder / 'legacy.pth', _use_new_zipfile_serialization=False)
    made(folder / 'legacy.pth', 'torch', truth)


def make_h5py(folder):
    h5py = module('h5py')
    np = module('numpy')
    arrays = sample_arrays(np)
    for version in ('earliest', 'latest'):
        file = folder / f'{version}.h5'
        with h5py.File(file, 'w', libver=version) as f:
            layers = {}
            for name, a in arrays.items():
                layer, weight = name.split('/')
                layers.setdefault(layer, []).append(weight)
                f.create_dataset(name, data=a)
            f.attrs['layer_names'] = [layer.encode() for layer in layers]
            f.attrs['backend'], f.attrs['keras_version'] = b'tensorflow', b'2.2.4'
            for layer, weights in layers.items():
                f[layer].attrs['weight_names'] = [weight.encode() for weight in weights]
        made(file, 'keras-h5', {name: of_numpy(a) for name, a in arrays.items()})


def make_safetensors(folder):
    owner = module('safetensors.numpy')
    np = module('numpy')
    arrays = {name: a for name, a in sample_arrays(np).items() if a.dtype.kind != 'c'}
    owner.save_file(arrays, folder / 'owner.safetensors')
    made(folder / 'owner.safetensors', 'safetensors', {name: of_numpy(a) for name, a in arrays.items()})


MAKERS = {'numpy': make_numpy, 'torch': make_torch, 'h5py': make_h5py, 'safetensors': make_safetensors}

if __name__ == '__main__':
    if len(sys.argv) == 5 and sys.argv[1] == 'check':
        check(*sys.argv[2:])
    elif len(sys.argv) == 4 and sys.argv[1] == 'make':
        MAKERS[sys.argv[2]](pathlib.Path(sys.argv[3]))
    else:
        sys.exit(__doc__)
