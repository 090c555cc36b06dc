"""Small files of every kind that the office takes, made here."""

import io
import struct
import zipfile
import zlib


def pdf(pages=1, words='Resolución del juzgado'):
    """Pages of plain text, with a table of where the objects stand."""
    kids = ' '.join(f'{4 + 2 * i} 0 R' for i in range(pages))
    objects = [
        '<< /Type /Catalog /Pages 2 0 R >>',
        f'<< /Type /Pages /Count {pages} /Kids [{kids}] >>',
        '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica '
        '/Encoding /WinAnsiEncoding >>']
    for i in range(pages):
        text = f'BT /F1 24 Tf 72 720 Td ({words} {i + 1}) Tj ET'
        objects += [
            '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] '
            f'/Contents {5 + 2 * i} 0 R '
            '/Resources << /Font << /F1 3 0 R >> >> >>',
            f'<< /Length {len(text.encode("cp1252"))} >>\nstream\n{text}\n'
            'endstream']
    return pdf_of(objects)


def pdf_of(objects):
    out = b'%PDF-1.4\n'
    places = []
    for i, body in enumerate(objects):
        places.append(len(out))
        body = body.encode('cp1252') if isinstance(body, str) else body
        out += b'%d 0 obj\n' % (i + 1) + body + b'\nendobj\n'
    table = len(out)
    out += b'xref\n0 %d\n0000000000 65535 f \n' % (len(objects) + 1)
    out += b''.join(b'%010d 00000 n \n' % at for at in places)
    return out + (b'trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n'
                  b'%%%%EOF\n' % (len(objects) + 1, table))


def chunk(name, body):
    return struct.pack('>I', len(body)) + name + body + struct.pack(
        '>I', zlib.crc32(name + body))


def png(width=60, height=40, body=None):
    rows = body or b''.join(b'\0' + b''.join(
        bytes((x * 4 % 256, y * 6 % 256, 90)) for x in range(width))
        for y in range(height))
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack(
        '>IIBBBBB', width, height, 8, 2, 0, 0, 0))
        + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))


# 8 × 8 grey dots, baseline, made once by libjpeg.
JPEG = bytes.fromhex(
    'ffd8ffe000104a46494600010100000100010000ffdb004300100b0c0e0c0a100e'
    '0d0e1211101318281a181616183123251d283a333d3c3933383740485c4e404457'
    '453738506d51575f626768673e4d71797064785c656763ffc0000b080008000801'
    '011100ffc4001f0000010501010101010100000000000000000102030405060708'
    '090a0bffc400b5100002010303020403050504040000017d010203000411051221'
    '31410613516107227114328191a1082342b1c11552d1f02433627282090a161718'
    '191a25262728292a3435363738393a434445464748494a535455565758595a6364'
    '65666768696a737475767778797a838485868788898a92939495969798999aa2a3'
    'a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9'
    'dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9faffda0008010100003f002bff'
    'd9')


def tiff(width=16, height=16, pages=1):
    """Grey, uncompressed, one strip a page."""
    out = b'II*\0' + struct.pack('<I', 8)
    for i in range(pages):
        fields = ((256, 4, width), (257, 4, height), (258, 3, 8),
                  (259, 3, 1), (262, 3, 1), (273, 4, 0), (277, 3, 1),
                  (278, 4, height), (279, 4, width * height))
        at = len(out)
        data = at + 2 + 12 * len(fields) + 4
        after = data + width * height if i + 1 < pages else 0
        out += struct.pack('<H', len(fields))
        for tag, kind, value in fields:
            value = data if tag == 273 else value
            out += struct.pack('<HHI', tag, kind, 1) + (
                struct.pack('<I', value) if kind == 4
                else struct.pack('<HH', value, 0))
        out += struct.pack('<I', after) + bytes(width * height)
    return out


# 1 × 1 dot, lossless.
WEBP = bytes.fromhex('524946461a000000574542505650384c0d0000002f00000010071011'
                     '118888fe0700')


def packed(members):
    """A zip of (name, text) in order; the first is not compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w') as z:
        for i, (name, body) in enumerate(members):
            z.writestr(zipfile.ZipInfo(name), body,
                       zipfile.ZIP_DEFLATED if i else zipfile.ZIP_STORED)
    return out.getvalue()


XML = '<?xml version="1.0" encoding="UTF-8"?>'


def docx(words='Señor juez', more=()):
    ns = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/' \
        'main"'
    return packed((
        ('[Content_Types].xml', XML + '<Types/>'),
        ('word/document.xml', f'{XML}<w:document {ns}><w:body><w:p><w:r>'
         f'<w:t>{words}</w:t></w:r></w:p></w:body></w:document>'),
        *more))


def xlsx():
    return packed((('[Content_Types].xml', XML + '<Types/>'),
                   ('xl/workbook.xml', XML + '<workbook/>')))


def odt(words='Señor juez'):
    return packed((('mimetype', 'application/vnd.oasis.opendocument.text'),
                   ('content.xml', f'{XML}<o:d xmlns:o="o" xmlns:t="t"><t:p>'
                    f'{words}</t:p></o:d>')))


def ogg():
    head = b'OpusHead\1\1\0\0\x80\xbb\0\0\0\0\0'
    return b'OggS\0\2' + bytes(20) + bytes((1, len(head))) + head


def box(name, body):
    return struct.pack('>I', len(body) + 8) + name + body


def m4a(kind=b'soun'):
    track = box(b'trak', box(b'mdia', box(b'hdlr', bytes(8) + kind
                                          + bytes(12))))
    return box(b'ftyp', b'M4A \0\0\0\0') + box(b'moov', track) + \
        box(b'mdat', bytes(64))


def every():
    """A good file of each kind, by name."""
    return {
        'auto.pdf': pdf(), 'foto.jpg': JPEG, 'foto.png': png(),
        'foto.webp': WEBP, 'escaneo.tif': tiff(), 'escrito.docx': docx(),
        'cuentas.xlsx': xlsx(), 'carta.odt': odt(),
        'nota.txt': 'Llamó el señor Núñez.\n'.encode(),
        'lista.csv': 'día,hora\n24,9\n'.encode(), 'voz.ogg': ogg(),
        'voz.m4a': m4a()}


def multipart(values, files, boundary='----alas-boundary'):
    """A body and its type; files are (input, name, bytes)."""
    out = b''
    for name, value in values:
        out += (f'--{boundary}\r\nContent-Disposition: form-data; '
                f'name="{name}"\r\n\r\n{value}\r\n').encode()
    for field, name, body in files:
        out += (f'--{boundary}\r\nContent-Disposition: form-data; '
                f'name="{field}"; filename="{name}"\r\n'
                'Content-Type: application/octet-stream\r\n\r\n').encode()
        out += body + b'\r\n'
    return out + f'--{boundary}--\r\n'.encode(), \
        f'multipart/form-data; boundary={boundary}'
