from PIL import Image
def draw(words, seed, size):
    return Image.new("RGB", size, (hash(words)%255, seed%255, 100))
