"""README.txt: what the package is and how to check it, for who opens it without knowing guiju."""

from __future__ import annotations

from collections.abc import Mapping

from guiju.record.matter import Matter

QUICK = True
ENTRIES = ("README.txt",)
TEXT = """{zh}
{en}
{ref}, {variant}

本文件夹是一份评价的完整记录，可以独立核对。
This folder is the whole record of one assessment. It can be checked by itself.

  cases/            评价所用数据，原文 · the data as handed in
  rulesets/         所用规则集，原文 · the ruleset as used
  evidence.json     证据登记：哈希及其所证明的数值 · register of evidence: hashes, and which values each proves
  evidence/         证据文件（如随附） · the files of evidence, where they are kept
  assessment.json   评价结果：每个数的公式、代入的数、条款 · the assessment: formula, numbers put in, clause of every value
  report/           评价报告，如有 · the report as HTML, Word and PDF, where it is kept
  calculation/      计算书和带活公式的工作簿，如有 · the calculation, step by step and as a workbook, where they are kept
  plan.json, given.json, recompute.py
                    不用 guiju 也能重新计算 · to compute everything again without guiju
  prov.json, ro-crate-metadata.json
                    来源记录（W3C PROV、RO-Crate） · the provenance
  manifest.json     以上各文件的 SHA-256 · SHA-256 of everything above
  signatures/       对清单的签名（如有） · signatures over the manifest, where there are any

核对 · To check it:
  guiju verify PACKAGE.zip      从规则集和数据重新评价，逐项比较 · evaluates again from ruleset and data, compares everything
  python recompute.py           只用 Python · with nothing but Python
"""


def make(matter: Matter) -> Mapping[str, bytes]:
    ruleset, title = matter.data["ruleset"], matter.data["case"]["title"]
    ref = f"{ruleset['id']}@{ruleset['version']}"
    text = TEXT.format(zh=title["zh"], en=title["en"], ref=ref, variant=ruleset["variant"] or "-")
    return {"README.txt": text.encode()}
