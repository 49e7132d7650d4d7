"""The mark every picture carries: made by the sandbox, not by the model it was asked from."""

from PIL import Image, ImageDraw, ImageFont, ImageStat

TEXT = "sandbox"


def paint_mark(picture: Image.Image) -> Image.Image:
    """A small word in the lower right corner, light on dark and dark on light."""
    size = max(11, round((picture.width * picture.height) ** 0.5 / 66))
    font = ImageFont.load_default(size)  # Pillow's own: the machine may have none
    left, top, right, bottom = font.getbbox(TEXT)
    x, y = picture.width - (right - left) - size, picture.height - (bottom - top) - size
    around = picture.crop((x - size // 2, y - size // 2, picture.width, picture.height)).convert("L")
    is_light = ImageStat.Stat(around).mean[0] > 140
    ink = (20, 22, 28, 190) if is_light else (255, 255, 255, 205)
    shade = (255, 255, 255, 90) if is_light else (0, 0, 0, 110)
    layer = Image.new("RGBA", picture.size)
    pen = ImageDraw.Draw(layer)
    pen.text((x - left + 1, y - top + 1), TEXT, shade, font)
    pen.text((x - left, y - top), TEXT, ink, font)
    return Image.alpha_composite(picture.convert("RGBA"), layer).convert("RGB")
