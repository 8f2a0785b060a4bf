"""``python -m spinglass figures``: the papers' figures, drawn into a folder."""

from contextlib import nullcontext

from spinglass.command_line.command import Command

EPILOG = (
    "examples: python -m spinglass figures --list\n"
    "          python -m spinglass figures auffinger2013 --out figures/ --quick --data figures.csv\n"
    "          python -m spinglass figures auffinger2013-1 --format pdf --width 3.4\n"
    "Numbers are kept in the folder SPINGLASS_CACHE (by default the user's cache folder): a figure computed before is\n"
    "only drawn, a stopped one goes on where it was."
)


def add(sub):
    """Add the arguments."""
    sub.add_argument("names", nargs="*", metavar="NAME", help="figures or papers; without: all")
    sub.add_argument("--out", default="figures", metavar="FOLDER", help="where to (default: figures)")
    sub.add_argument("--format", default="png", choices=("png", "pdf", "svg"), help="of the pictures (default: png)")
    sub.add_argument("--width", type=float, metavar="INCHES", help="of the pictures: 3.4 is a column of a journal")
    sub.add_argument("--quick", action="store_true", help="coarser, seconds to half a minute a figure")
    sub.add_argument("--list", action="store_true", help="list the names and stop")
    sub.add_argument("--data", metavar="FILE", help="write every drawn number as csv as well")
    sub.add_argument("--no-cache", action="store_true", help="compute again what was computed before, keep nothing")
    sub.add_argument("--progress", action="store_true", help="show a bar")


def run(arguments):
    """Draw figures into a folder."""
    from spinglass import figures
    from spinglass.figures.layout import checked_width

    chosen = figures.names(*arguments.names)
    if arguments.list:
        for name in chosen:
            print(f"{name:<30}{figures.recipe(name).title}")
        return
    width = checked_width(arguments.width)
    folder = figures.writable_folder(arguments.out)
    cache = False if arguments.no_cache else None
    with figures.Table(arguments.data) if arguments.data else nullcontext() as table:
        for name in chosen:
            try:
                numbers = figures.data(name, arguments.quick, cache=cache, progress=arguments.progress)
            except KeyboardInterrupt:
                kept = (
                    "nothing is kept" if arguments.no_cache else "finished parts are kept, the same call goes on there"
                )
                raise KeyboardInterrupt(f"stopped in {name}; {kept}") from None
            print(figures.save(name, numbers, folder, format=arguments.format, width=width), flush=True)
            if table is not None:
                table.add(name, numbers)


COMMAND = Command("draw the papers' figures", EPILOG, add, run)
