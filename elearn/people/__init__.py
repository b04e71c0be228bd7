"""Employees, units, positions, roles and sign-in (pegawai, unit kerja, jabatan); competency and learning live above."""
