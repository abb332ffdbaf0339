"""The works that derivations cite: the one source of docs/references.bib and of every document's list of references."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Work:
    """A cited work. label: how a step names it, such as "Matrix Cookbook"; fields: of its BibTeX entry, in order."""

    key: str
    kind: str
    label: str
    fields: tuple[tuple[str, str], ...]

    def field(self, name: str) -> str:
        """A field's value, empty where the entry has none."""
        return dict(self.fields).get(name, "")


def _book(key: str, label: str, author: str, title: str, year: int, publisher: str, edition: str = "") -> Work:
    fields = (("author", author), ("title", title), ("edition", edition), ("publisher", publisher), ("year", str(year)))
    return Work(key, "book", label, tuple(field for field in fields if field[1]))


def _article(key: str, author: str, title: str, journal: str, place: tuple[str, str, str], year: int) -> Work:
    volume, issue, pages = place
    fields = (("author", author), ("title", title), ("journal", journal), ("volume", volume), ("number", issue))
    ending = (("pages", pages), ("year", str(year)))
    names = [part.split(",")[0] for part in author.split(" and ")]
    label = f"{' and '.join(names)} {year}" if len(names) < 3 else f"{names[0]} et al. {year}"
    return Work(key, "article", label, tuple(field for field in fields + ending if field[1]))


WORKS = (
    _article(
        "amos1974",
        "Amos, Donald E.",
        "Computation of modified Bessel functions and their ratios",
        "Mathematics of Computation",
        ("28", "125", "239--251"),
        1974,
    ),
    _article(
        "azzalini1990",
        "Azzalini, Adelchi and Bowman, Adrian W.",
        "A look at some data on the Old Faithful geyser",
        "Journal of the Royal Statistical Society: Series C (Applied Statistics)",
        ("39", "3", "357--365"),
        1990,
    ),
    _book(
        "bishop2006",
        "Bishop 2006",
        "Bishop, Christopher M.",
        "Pattern Recognition and Machine Learning",
        2006,
        "Springer",
    ),
    _book(
        "boyd2004",
        "Boyd and Vandenberghe 2004",
        "Boyd, Stephen and Vandenberghe, Lieven",
        "Convex Optimization",
        2004,
        "Cambridge University Press",
    ),
    _article(
        "celeux1995",
        "Celeux, Gilles and Govaert, Gérard",
        "Gaussian parsimonious clustering models",
        "Pattern Recognition",
        ("28", "5", "781--793"),
        1995,
    ),
    _article(
        "chan1983",
        "Chan, Tony F. and Golub, Gene H. and LeVeque, Randall J.",
        "Algorithms for computing the sample variance: analysis and recommendations",
        "The American Statistician",
        ("37", "3", "242--247"),
        1983,
    ),
    _article(
        "dempster1977",
        "Dempster, Arthur P. and Laird, Nan M. and Rubin, Donald B.",
        "Maximum likelihood from incomplete data via the EM algorithm",
        "Journal of the Royal Statistical Society: Series B (Methodological)",
        ("39", "1", "1--38"),
        1977,
    ),
    _book(
        "horn2013",
        "Horn and Johnson 2013",
        "Horn, Roger A. and Johnson, Charles R.",
        "Matrix Analysis",
        2013,
        "Cambridge University Press",
        "2nd",
    ),
    _article(
        "jensen1906",
        "Jensen, Johan L. W. V.",
        "Sur les fonctions convexes et les inégalités entre les valeurs moyennes",
        "Acta Mathematica",
        ("30", "", "175--193"),
        1906,
    ),
    _book(
        "koenker2005",
        "Koenker 2005",
        "Koenker, Roger",
        "Quantile Regression",
        2005,
        "Cambridge University Press",
    ),
    _article(
        "levin1977",
        "Levin, Bruce and Reeds, James",
        "Compound multinomial likelihood functions are unimodal: proof of a conjecture of I. J. Good",
        "The Annals of Statistics",
        ("5", "1", "79--87"),
        1977,
    ),
    _book(
        "magnus2019",
        "Magnus and Neudecker 2019",
        "Magnus, Jan R. and Neudecker, Heinz",
        "Matrix Differential Calculus with Applications in Statistics and Econometrics",
        2019,
        "Wiley",
        "3rd",
    ),
    _book(
        "mclachlan2000",
        "McLachlan and Peel 2000",
        "McLachlan, Geoffrey J. and Peel, David",
        "Finite Mixture Models",
        2000,
        "Wiley",
    ),
    _article(
        "meng1993",
        "Meng, Xiao-Li and Rubin, Donald B.",
        "Maximum likelihood estimation via the ECM algorithm: A general framework",
        "Biometrika",
        ("80", "2", "267--278"),
        1993,
    ),
    _article(
        "milgrom2002",
        "Milgrom, Paul and Segal, Ilya",
        "Envelope theorems for arbitrary choice sets",
        "Econometrica",
        ("70", "2", "583--601"),
        2002,
    ),
    Work(
        "neal1998",
        "incollection",
        "Neal and Hinton 1998",
        (
            ("author", "Neal, Radford M. and Hinton, Geoffrey E."),
            ("title", "A view of the EM algorithm that justifies incremental, sparse, and other variants"),
            ("booktitle", "Learning in Graphical Models"),
            ("editor", "Jordan, Michael I."),
            ("pages", "355--368"),
            ("publisher", "Kluwer"),
            ("year", "1998"),
        ),
    ),
    Work(
        "olver2010",
        "book",
        "DLMF",
        (
            ("editor", "Olver, Frank W. J. and Lozier, Daniel W. and Boisvert, Ronald F. and Clark, Charles W."),
            ("title", "NIST Digital Library of Mathematical Functions, https://dlmf.nist.gov"),
            ("publisher", "Cambridge University Press"),
            ("year", "2010"),
        ),
    ),
    Work(
        "petersen2012",
        "techreport",
        "Matrix Cookbook",
        (
            ("author", "Petersen, Kaare Brandt and Pedersen, Michael Syskind"),
            ("title", "The Matrix Cookbook"),
            ("institution", "Technical University of Denmark"),
            ("note", "Version of 15 November 2012"),
            ("year", "2012"),
        ),
    ),
    _article(
        "tibshirani1996",
        "Tibshirani, Robert",
        "Regression shrinkage and selection via the lasso",
        "Journal of the Royal Statistical Society: Series B (Methodological)",
        ("58", "1", "267--288"),
        1996,
    ),
    _article(
        "wainwright2008",
        "Wainwright, Martin J. and Jordan, Michael I.",
        "Graphical models, exponential families, and variational inference",
        "Foundations and Trends in Machine Learning",
        ("1", "1--2", "1--305"),
        2008,
    ),
)
