"""Google's face: the Gemini API as documented and recorded, for images, videos, text and files."""
