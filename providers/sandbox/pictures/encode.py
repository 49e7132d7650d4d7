import io
def encode(p, f, q, w, s):
    b=io.BytesIO(); p.save(b, {"jpg":"JPEG"}.get(f,f.upper())); return b.getvalue()
