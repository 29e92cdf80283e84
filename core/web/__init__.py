"""What stands between a browser and the pages: shell, assets, headers, binding, faces, server-made pages."""
