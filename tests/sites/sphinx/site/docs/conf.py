project = "Signals"
extensions = ["myst_parser", "sphinxcontrib.youtube"]
extlinks = {
    "youtube": ("https://www.youtube.com/watch?v=%s", "video %s"),
}
# The channel was https://www.youtube.com/@signals-old
html_theme_options = {
    "icon_links": [{"name": "YouTube", "url": "https://www.youtube.com/@signals"}],
}
