"""How the secrets of a second factor are kept: the seed concealed, to be read again; spare codes as keyed seals."""

from uuid import UUID

from elearn.kernel.seal import conceal, is_sealed, reveal, seal
from elearn.people.models.factors import SecondFactor, SpareCode


def conceal_seed(employee_id: UUID, seed: str) -> str:
    """What is stored in place of a seed, good for this person only; raises NoSealKey."""
    return conceal(seed, "second_factor", str(employee_id))


def seed_of(factor: SecondFactor) -> str:
    """The seed in plain text; raises NotConcealed and NoSealKey."""
    return reveal(factor.concealed_seed, "second_factor", str(factor.employee_id))


def seal_spare_code(employee_id: UUID, code: str) -> str:
    """What is stored in place of a spare code; raises NoSealKey."""
    return seal("spare_code", str(employee_id), code)


def is_spare_code(row: SpareCode, code: str) -> bool:
    """Whether the row stands for this code; raises NoSealKey."""
    return is_sealed(row.code_hash, "spare_code", str(row.employee_id), code)
