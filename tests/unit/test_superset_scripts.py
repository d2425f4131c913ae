"""The build of the image changes the scripts of Superset's pages as intended."""

import gzip
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from tests.support.compose_platform import ROOT

SCRIPT = b'let l=`https://apachesuperset.gateway.scarf.sh/pixel/0/${e}`;return(0,n.Y)("img",{referrerPolicy:"no-referrer-when-downgrade",src:l,width:0,height:0,alt:""})};var N=t(1)'


@pytest.fixture(scope="module")
def scripts() -> ModuleType:
    spec = importlib.util.spec_from_file_location("scripts", ROOT / "images/superset/scripts.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_picture_of_a_third_party_is_not_asked_for(scripts: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "1.js").write_bytes(SCRIPT + b" " * 2000)
    (tmp_path / "2.js").write_bytes(b"other")
    scripts.main(tmp_path)
    made = (tmp_path / "1.js").read_bytes()
    assert b"return(null)}" in made
    assert b'"img"' not in made
    assert (tmp_path / "2.js").read_bytes() == b"other"
    assert gzip.decompress((tmp_path / "1.js.gz").read_bytes()) == made
    assert not (tmp_path / "2.js.gz").exists()


@pytest.mark.parametrize("script", [b"nothing of the kind", SCRIPT.replace(b"width:0", b"width:1")], ids=["none", "otherwise"])
def test_a_build_fails_where_the_picture_is_made_otherwise(scripts: ModuleType, tmp_path: Path, script: bytes) -> None:
    (tmp_path / "1.js").write_bytes(script)
    with pytest.raises(SystemExit, match=r"scarf|picture"):
        scripts.main(tmp_path)
