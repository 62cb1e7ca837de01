"""The resources of the demo list as they are on the first day."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SeedChannel:
    """A channel; `name` is what the tables below call it."""

    name: str
    title: str
    handle: str
    username: str | None = None


@dataclass(frozen=True, slots=True)
class SeedPlaylist:
    """A playlist and how many videos it has."""

    id: str
    title: str
    owner: str
    videos: int


@dataclass(frozen=True, slots=True)
class SeedVideo:
    """A video that the list names."""

    id: str
    title: str
    owner: str


CHANNELS = (
    SeedChannel("3b1b", "3Blue1Brown", "@3blue1brown"),
    SeedChannel("statquest", "StatQuest with Josh Starmer", "@statquest"),
    SeedChannel("mit", "MIT OpenCourseWare", "@mitocw", "MIT"),
    SeedChannel("stanford-online", "Stanford Online", "@stanfordonline"),
    SeedChannel("stanford", "Stanford", "@stanford", "StanfordUniversity"),
    SeedChannel("sorcerer", "The Math Sorcerer", "@TheMathSorcerer"),
    SeedChannel("leonard", "Professor Leonard", "@ProfessorLeonard"),
    SeedChannel("brehm", "Kimberly Brehm", "@SawFinMath"),
    SeedChannel("khan", "Khan Academy", "@khanacademy"),
    SeedChannel("jb", "jbstatistics", "@jbstatistics", "jbstatistics"),
    SeedChannel("lambert", "Ben Lambert", "@SpartacanUsuals"),
    SeedChannel("foltz", "Brandon Foltz", "@BrandonFoltz", "BCFoltz"),
    SeedChannel("geron", "Aurélien Géron", "@aureliengeron"),
    SeedChannel("karpathy", "Andrej Karpathy", "@AndrejKarpathy"),
    SeedChannel("serrano", "Luis Serrano", "@SerranoAcademy"),
    SeedChannel("deeplearning", "DeepLearningAI", "@Deeplearningai"),
    SeedChannel("brunton", "Steve Brunton", "@Eigensteve"),
    SeedChannel("fcc", "freeCodeCamp.org", "@freecodecamp"),
    SeedChannel("coding-math", "Coding Math", "@CodingMath", "codingmath"),
    SeedChannel("nptel", "NPTEL - IIT Madras", "@iit-madras-nptel"),
    SeedChannel("krohn", "Jon Krohn", "@JonKrohnLearns"),
    SeedChannel("sentdex", "sentdex", "@sentdex", "sentdex"),
)

PLAYLISTS = (
    SeedPlaylist("PLZHQObOWTQDPD3MizzM2xVFitgF8hE_ab", "Essence of linear algebra", "3b1b", 16),
    SeedPlaylist("PLZHQObOWTQDMsr9K-rj53DwVRMYO3t5Yr", "Essence of calculus", "3b1b", 12),
    SeedPlaylist("PLZHQObOWTQDNU6R1_67000Dx_ZCJB-3pi", "Neural networks", "3b1b", 9),
    SeedPlaylist("PLblh5JKOoLUK0FLuzwntyYI10UQFUhsY9", "Statistics Fundamentals", "statquest", 61),
    SeedPlaylist("PLblh5JKOoLUICTaGLRoHQDuF_7q2GfuJF", "Machine Learning", "statquest", 104),
    SeedPlaylist("PLblh5JKOoLUIxGDQs4LFFD--41Vzf-ME1", "Linear Algebra for Machine Learning", "statquest", 22),
    SeedPlaylist("PL49CF3715CB9EF31D", "MIT 18.06 Linear Algebra, Spring 2005", "mit", 35),
    SeedPlaylist("PL3B08AE665AB9002A", "MIT Calculus Revisited: Single Variable Calculus", "mit", 38),
    SeedPlaylist("PLUl4u3cNGP60uVBMaoNERc6knT_MgPKS0", "MIT 18.650 Statistics for Applications, Fall 2016", "mit", 21),
    SeedPlaylist(
        "PLoROMvodv4rMiGQp3WXShtMGgzqpfVfbU",
        "Stanford CS229: Machine Learning Full Course taught by Andrew Ng | Autumn 2018",
        "stanford-online",
        20,
    ),
    SeedPlaylist("PL3940DD956CDF0622", "Lecture Collection | Convex Optimization", "stanford", 19),
    SeedPlaylist("PLO1y6V1SXjjOZf-hnzXnuzAdwThQFVB-s", "Linear Algebra", "sorcerer", 87),
    # The list has it twice: correctly as Calculus 3, and wrongly as Linear Algebra.
    SeedPlaylist("PLDesaqWTN6ESk16YRmzuJ8f6-rnuy0Ry7", "Calculus 3 (Full Length Videos)", "leonard", 37),
    SeedPlaylist("PLl-gb0E4MII03hiCrZa7YqxUMEeEPmZqK", "Linear Algebra (Full Course)", "brehm", 64),
    SeedPlaylist("PLF797E961509B4EB5", "Calculus 1 (Full Length Videos)", "leonard", 29),
    SeedPlaylist("PLDesaqWTN6EQ2J4vgsN1HyBeRADEh4Cw-", "Calculus 2 (Full Length Videos)", "leonard", 31),
    SeedPlaylist("PLO1y6V1SXjjMTg1tzxMo_9BjZfed9SyLb", "Calculus 1", "sorcerer", 142),
    SeedPlaylist("PLSQl0a2vh4HC5feHa6Rc5c0wbRTx56nF7", "Multivariable calculus", "khan", 175),
    SeedPlaylist("PLwJRxp3blEvaxmHgI2iOzNP6KGLSyd4dz", "A full course in probability", "lambert", 48),
    SeedPlaylist("PLwJRxp3blEvZ8AKMXOy0fc0cqT61GsKCG", "Statistics and econometrics", "lambert", 112),
    SeedPlaylist("PLjKmmx7f3NMKy-FVNV8s3ibk8hTL0JWl5", "Optimization for Machine Learning", "geron", 8),
    SeedPlaylist("PLAqhIrjkxbuWI23v9cThsA9GvCAUhRvKZ", "Neural Networks: Zero to Hero", "karpathy", 10),
    SeedPlaylist(
        "PLkDaE6sCZn6GFKMuwsFaMVQWrvMbeCLXm",
        "Mathematics for Machine Learning and Data Science Specialization",
        "deeplearning",
        26,
    ),
    SeedPlaylist("PLMrJAkhIeNNQV7wi9r7Kut8liLFMWQOXn", "Data Science and Machine Learning", "brunton", 33),
    SeedPlaylist("PL7wAPgl1JVvUEb0dIygHzO4698tmcwLk9", "Math for Programmers", "coding-math", 54),
    SeedPlaylist("PLZ2ps__7DhBaDccbZRQS4rSLXYH5px429", "Mathematics for Machine Learning", "nptel", 60),
    SeedPlaylist("PLRDl2inPrWQW1QSWhBU0ki-jq_uElkh2a", "Machine Learning Foundations", "krohn", 47),
    SeedPlaylist("PLQVvvaa0QuDcjD5BAw2DxE6OF2tius3V3", "Neural Networks from Scratch in Python", "sentdex", 11),
)

VIDEOS = (
    SeedVideo("haHLRD0QZ08", "Machine Learning Optimization, visually", "geron"),
    SeedVideo("ErfnhcEV1O8", "A friendly introduction to information theory: entropy and cross-entropy", "serrano"),
    SeedVideo("JnTa9XtvmfI", "Linear Algebra - Full College Course", "fcc"),
    SeedVideo("xxpc-HPKN28", "Statistics - A Full University Course on Data Science Basics", "fcc"),
)
