"""What a search must find, computed point by point in plain Python."""

import math
import random

SIZE = 8


def points(count=60, seed=7):
    """Points with vectors of every kind and a payload; some have no `late` and no `words`."""
    rng = random.Random(seed)

    def vector(size=SIZE):
        return [round(rng.uniform(-1, 1), 4) for _ in range(size)]

    made = {}
    for number in range(1, count + 1):
        vectors = {name: vector() for name in ("cosine", "dot", "euclid", "manhattan")}
        late = [vector(4) for _ in range(rng.randint(1, 3))]
        indices = sorted(rng.sample(range(12), 3))
        words = (indices, [round(rng.uniform(0.1, 2), 4) for _ in indices])
        if number % 7:
            vectors["late"] = late
        if number % 5:
            vectors["words"] = words
            vectors["rare"] = words
        made[number] = (vectors, {
            "group": f"g{number % 4}", "n": number, "price": round(rng.uniform(1, 99), 2),
            "tags": [f"t{number % 3}", f"u{number % 2}"],
            "at": f"2024-{1 + number % 12:02}-01T00:00:00Z",
            "place": {"lon": round(rng.uniform(0, 20), 4), "lat": round(rng.uniform(40, 60), 4)},
        })
    return made


def dot(left, right):
    return sum(a * b for a, b in zip(left, right))


def unit(vector):
    length = math.sqrt(dot(vector, vector))
    return [value / length for value in vector] if length else list(vector)


def sparse(left, right):
    """The product of two sparse vectors; None when they share no index."""
    weights = dict(zip(*left))
    shared = [index for index in right[0] if index in weights]
    return sum(weights[i] * v for i, v in zip(*right) if i in weights) if shared else None


def late(left, right):
    """The best match of every row, added up; rows are compared by their angle."""
    return sum(max(dot(unit(a), unit(b)) for b in right) for a in left)


# How a score is made, and whether a greater one is nearer.
MEASURES = {
    "cosine": (lambda a, b: dot(unit(a), unit(b)), True),
    "dot": (dot, True),
    "euclid": (math.dist, False),
    "manhattan": (lambda a, b: sum(abs(x - y) for x, y in zip(a, b)), False),
    "late": (late, True),
    "words": (sparse, True),
}


def likeness(name, left, right):
    """Greater is nearer, whatever the measure; what scores of several examples are made of."""
    if name == "euclid":
        return -math.dist(left, right) ** 2
    score, rising = MEASURES[name]
    value = score(left, right)
    return value if rising else -value


def ranked(scores, rising=True, limit=10, offset=0):
    """Pairs of identifier and score, the best first."""
    known = [(key, value) for key, value in scores.items() if value is not None]
    known.sort(key=lambda pair: -pair[1] if rising else pair[1])
    return known[offset:offset + limit]


def nearest(data, name, wanted, keep=lambda payload: True, without=(), **page):
    """The points whose vector of a name is near to one."""
    score, rising = MEASURES[name]
    scores = {
        key: score(wanted, vectors[name]) for key, (vectors, payload) in data.items()
        if name in vectors and keep(payload) and key not in without}
    return ranked(scores, rising, **page)


def weighted(data, wanted):
    """A sparse vector with its values weighted by how rare their indices are."""
    owned = [vectors["rare"] for vectors, _ in data.values() if "rare" in vectors]
    total = len(owned)

    def rarity(index):
        count = sum(index in indices for indices, _ in owned)
        return math.log((total - count + 0.5) / (count + 0.5) + 1)

    return wanted[0], [value * rarity(index) for index, value in zip(*wanted)]


def squeezed(value):
    return 0.5 * (value / (1 + abs(value)) + 1)


def custom(data, name, rule, without=(), **page):
    """Points by a rule over their likeness to any vector."""
    scores = {
        key: rule(lambda other: likeness(name, other, vectors[name]))
        for key, (vectors, _) in data.items() if name in vectors and key not in without}
    return ranked(scores, True, **page)


def best_score(positive, negative):
    def rule(like):
        near = max(map(like, positive), default=-math.inf)
        far = max(map(like, negative), default=-math.inf)
        return squeezed(near) if near > far else -squeezed(far)
    return rule


def sum_scores(positive, negative):
    return lambda like: sum(map(like, positive)) - sum(map(like, negative))


def discover(target, pairs):
    def rule(like):
        rank = sum((like(a) > like(b)) - (like(a) < like(b)) for a, b in pairs)
        return rank + squeezed(like(target))
    return rule


def rated(target, ratings, a, b, c):
    """Every two examples draw to the one with the higher rating."""
    def rule(like):
        return a * like(target) + sum(
            c * (high - low) ** b * (like(better) - like(worse))
            for better, high in ratings for worse, low in ratings if high > low)
    return rule


def average(positive, negative):
    """The vector that a recommendation by the average looks for."""
    def mean(vectors):
        return [sum(values) / len(vectors) for values in zip(*vectors)]
    liked = mean(positive)
    if not negative:
        return liked
    return [2 * near - far for near, far in zip(liked, mean(negative))]


def by_rank(lists, constant=2, weights=None, **page):
    scores = {}
    for place, found in enumerate(lists):
        weight = weights[place] if weights else 1
        for index, (key, _) in enumerate(found):
            gained = 1 / ((index + 1) / weight + constant - 1)
            scores[key] = scores.get(key, 0) + gained
    return ranked(scores, **page)


def by_score(lists, **page):
    scores = {}
    for found in lists:
        values = [value for _, value in found]
        mean = sum(values) / len(values)
        spread = math.sqrt(sum((v - mean) ** 2 for v in values) / (len(values) - 1))
        for key, value in found:
            gained = (value - mean + 3 * spread) / (6 * spread)
            scores[key] = scores.get(key, 0) + gained
    return ranked(scores, **page)


def diverse(data, name, wanted, diversity, candidates, limit):
    """Near points that are unlike each other."""
    score, _ = MEASURES[name]
    near = dict(nearest(data, name, wanted, limit=candidates))
    taken = [max(near, key=near.get)]
    while len(taken) < limit:
        def worth(key):
            own = data[key][0][name]
            return (1 - diversity) * near[key] - diversity * max(
                score(own, data[other][0][name]) for other in taken)
        taken.append(max((key for key in near if key not in taken), key=worth))
    return [(key, near[key]) for key in taken]


def grouped(found, groups, size):
    """The first groups of a whole ranking, each with its first hits."""
    made = {}
    for key, value, group in found:
        made.setdefault(group, []).append((key, value))
    return [(group, hits[:size]) for group, hits in list(made.items())[:groups]]


def distance(left, right):
    """Metres between two places on the globe."""
    lat1, lat2 = math.radians(left["lat"]), math.radians(right["lat"])
    turn = math.radians(right["lon"] - left["lon"])
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin(turn / 2) ** 2
    return 2 * 6371008.8 * math.asin(math.sqrt(half))


def same(found, expected):
    """Whether hits are the expected ones in order, with scores as near as 32 bits allow."""
    return [hit.id for hit in found] == [key for key, _ in expected] and all(
        math.isclose(hit.score, value, rel_tol=1e-4, abs_tol=1e-4)
        for hit, (_, value) in zip(found, expected))
