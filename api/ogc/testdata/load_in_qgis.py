"""Loads the service in QGIS, without a screen, and tells what came as JSON.

usage: load_in_qgis.py LANDING_PAGE KEY
"""
import json
import os
import sys

from qgis.core import (Qgis, QgsApplication, QgsAuthMethodConfig, QgsCoordinateReferenceSystem,
                       QgsCoordinateTransform, QgsMapRendererSequentialJob, QgsMapSettings, QgsProject,
                       QgsVectorDataProvider, QgsVectorLayer, QgsVectorTileLayer)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

landing, key = sys.argv[1:]
app = QgsApplication([], False)
app.initQgis()

EDITS_SINCE = 33200  # the version since which QGIS edits OGC API layers
authcfg = ""
if Qgis.versionInt() >= EDITS_SINCE:
    # QGIS sends the headers of an "API Header" configuration with every request. It
    # does not say which version it read, so that it has to ask for whichever there is.
    manager = QgsApplication.authManager()
    manager.setMasterPassword("test", True)
    headers = QgsAuthMethodConfig("APIHeader")
    headers.setName("dikuai")
    headers.setConfigMap({"Authorization": "Bearer " + key, "If-Match": "*"})
    manager.storeAuthenticationConfig(headers)
    authcfg = f" authcfg={headers.id()}"


def layer(typename, filter=""):
    uri = f"url='{landing}' typename='{typename}'" + authcfg
    if filter:
        uri += f" sql={filter}"
    loaded = QgsVectorLayer(uri, typename, "OAPIF")
    assert loaded.isValid(), typename
    if filter:
        assert loaded.setSubsetString(filter), filter
    return loaded


def numbers(of):
    return sorted(f["plot_no"] for f in of.getFeatures())


told = {"version": Qgis.versionInt()}
plots = layer("plots")
told["fields"] = [f.name() for f in plots.fields()]
told["crs"] = plots.crs().authid()
told["all"] = numbers(plots)
first = next(f for f in plots.getFeatures() if f["plot_no"] == "NA-01")
told["first"] = [first.geometry().boundingBox().xMinimum(), first.geometry().boundingBox().yMinimum()]
told["chosen"] = numbers(layer("plots", "\"land_use\" = 'A35'"))

provider = plots.dataProvider()
told["edits"] = bool(provider.capabilities() & QgsVectorDataProvider.ChangeAttributeValues)
if told["edits"]:
    plots.startEditing()
    plots.changeAttributeValue(first.id(), plots.fields().indexOf("name"), "QGIS")
    assert plots.commitChanges(), plots.commitErrors()

# The tiles, drawn with the service's style around the first plot.
tiles = landing + "/collections/plots/tiles/WebMercatorQuad/{z}/{y}/{x}"
style = landing.rsplit("/", 1)[0] + "/styles/land.json"
vector = QgsVectorTileLayer(f"type=xyz&zmin=0&zmax=22&url={tiles}&styleUrl={style}", "tiles")
assert vector.isValid()
message, styled = vector.loadDefaultStyle()
assert styled, message
told["styles"] = len(vector.renderer().styles())
settings = QgsMapSettings()
settings.setLayers([vector])
settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
settings.setOutputSize(QSize(256, 256))
settings.setBackgroundColor(QColor("white"))
to_map = QgsCoordinateTransform(plots.crs(), settings.destinationCrs(), QgsProject.instance())
settings.setExtent(to_map.transformBoundingBox(first.geometry().boundingBox()))
job = QgsMapRendererSequentialJob(settings)
job.start()
job.waitForFinished()
image = job.renderedImage()
told["drawn"] = sum(image.pixelColor(x, y) != QColor("white") for x in range(256) for y in range(256))
told["colours"] = len({image.pixel(x, y) for x in range(256) for y in range(256)})

print(json.dumps(told, ensure_ascii=False), flush=True)
os._exit(0)  # QGIS 3.22 may fall over its own layers when Python takes them down
