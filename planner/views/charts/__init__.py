"""Pictures of a schedule: courses, networks, dosing days, trials side by side.

Each kind has a module that works out plain rows (`course`, `network`, `day`, `compare`) and one
that lays them out as a `picture.Picture` (`draw_course` and so on). `svg` writes it;
`render` alone knows vl-convert, which the extra `charts` brings for PNG and PDF.
"""
