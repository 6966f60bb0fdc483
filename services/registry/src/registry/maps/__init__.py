"""Maps of areas as they are published (GeoJSON, TopoJSON, shapefiles), read behind walls."""
