"""The last annex: by what the report can be checked, and how."""

from __future__ import annotations

from guiju.report.document.model import Block, Items, Paragraph, Seal
from guiju.report.document.told import Heading, Told, pairs


def sealed(of: Told, seal: Seal | None) -> list[tuple[str, Heading]]:
    """Fingerprints of what was used, the hash of the assessment, the head of the log. Nothing for a report without a seal."""
    if seal is None:
        return []
    own, data = of.own, of.data
    ruleset = data["ruleset"]
    rows = [(own("seal_ruleset"), f"{ruleset['id']}@{ruleset['version']} · {ruleset['fingerprint']}")]
    rows += [(own("seal_extends"), f"{each['ref']} · {each['fingerprint']}") for each in ruleset.get("extends", ())]
    rows += [(own("seal_table"), f"{each['ref']} · {each['fingerprint']}") for each in ruleset["tables"].values()]
    rows += [
        (own("seal_engine"), f"{data['engine']['name']} {data['engine']['version']}"),
        (own("seal_assessment"), f"sha256:{seal.assessment}"),
    ]
    hints = [own("seal_how_package"), own("seal_how_alone")]
    if seal.head is not None:
        rows += [(own("seal_entries"), str(seal.entries)), (own("seal_head"), seal.head)]
        hints.append(own("seal_how_log", head=seal.head))
    blocks: list[Block] = [Paragraph(own("seal_is"), "note"), pairs(rows), Items(tuple(hints))]
    return [("record", (1, own("annex_record"), blocks))]
