"""The layout of generated modules, notebooks and pages; Jinja templates, read by `derive.templating`."""
