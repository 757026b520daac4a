"""Notices written for these tests: two cities' plans of one year, one of the year before, and a superior's."""

from __future__ import annotations

from pathlib import Path

import pytest

REPORTS = Path(__file__).resolve().parents[3] / "shared" / "notices" / "reports"

PLAN = """{city}城市管理局关于印发《{year}年{city}城市管理工作计划》的通知

{code}〔{year}〕{serial}号

各科室、各下属单位：
现将《{year}年{city}城市管理工作计划》印发给你们，请认真贯彻执行。

{city}城市管理局
{year}年2月10日

{year}年{city}城市管理工作计划

一、重点工作
{items}
"""
RUGAO_2023 = """（一）推进垃圾分类。全市新建垃圾分类投放点30处，居民小区垃圾分类覆盖率达到90%以上，由环卫科牵头。
（二）规范停车秩序。新增公共停车泊位1000个，6月底前完成，由停车管理科负责。
（三）报送政务信息。各中队每月报送政务信息不少于1篇，由办公室汇总。
（四）治理不文明养犬。开展不文明养犬集中整治2次，由执法大队负责。
（五）开展志愿服务。党员志愿者每人每年参加志愿服务不少于20小时，由机关党委负责。"""
HAINING_2023 = """（一）深化垃圾分类。全市新建垃圾分类投放点50处，垃圾分类覆盖率达到95%以上，由垃圾分类中心牵头。
（二）优化停车管理。新增公共停车泊位1500个，年底前完成，由停车办负责。
（三）做好信息报送。全局每月报送政务信息不少于6篇，由办公室负责。
（四）提升公厕品质。新建、改建公共厕所8座，由环卫处负责。
（五）开展志愿服务。党员志愿者每人每年参加志愿服务不少于25小时，由机关党委负责。"""
RUGAO_2022 = """（一）推进垃圾分类。全市新建垃圾分类投放点40处，居民小区垃圾分类覆盖率达到80%以上，由环卫科牵头。
（二）规范停车秩序。新增公共停车泊位1000个，6月底前完成，由停车管理科负责。
（三）清理户外广告。拆除违规户外广告300块，由市容科负责。
（四）开展志愿服务。党员志愿者每人每年参加志愿服务不少于20小时，由机关党委负责。"""
UPPER_2023 = """（一）推进垃圾分类。各县市新建垃圾分类投放点40处，居民小区垃圾分类覆盖率达到85%以上。
（二）规范停车秩序。新增公共停车泊位1000个，5月底前完成。
（三）治理渣土运输。渣土车密闭运输率达到98%，开展联合执法12次。
（四）开展志愿服务。党员志愿者每人每年参加志愿服务不少于20小时。"""


def _write(folder, name, **values):
    path = folder / f"{name}.txt"
    path.write_text(PLAN.format(**values), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("notices")
    rugao = {"city": "如皋市", "code": "皋城管发"}
    return {
        "rugao": _write(folder, "如皋2023", year=2023, serial=5, items=RUGAO_2023, **rugao),
        "before": _write(folder, "如皋2022", year=2022, serial=7, items=RUGAO_2022, **rugao),
        "haining": _write(folder, "海宁2023", city="海宁市", code="海城管", year=2023, serial=3, items=HAINING_2023),
        "upper": _write(folder, "南通2023", city="南通市", code="通城管发", year=2023, serial=1, items=UPPER_2023),
    }


@pytest.fixture(scope="session")
def notices(files):
    import duban

    return {name: duban.extract(path)[0] for name, path in files.items()}


@pytest.fixture(scope="session")
def reports():
    """The work reports of thirty city governments for 2024."""
    if not REPORTS.is_dir():
        pytest.skip("../shared/notices/reports is not here")
    import duban

    return [record for path in sorted(REPORTS.glob("*.docx")) for record in duban.extract(path)]
