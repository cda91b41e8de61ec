"""Every kind of search through the stock client, each held to what plain Python finds."""

import stock_scores as plain
from qdrant_client import models
from stock_steps import VERSION, client, done, step


def found(**request):
    return client.query_points("finder", **request).points


DATA = plain.points()
WANTED = plain.points(1, seed=99)[1][0]
MORE = plain.points(1, seed=100)[1][0]
EVEN = models.Filter(must=[models.FieldCondition(
    key="group", match=models.MatchAny(any=["g0", "g2"]))])


def is_even(payload):
    return payload["group"] in ("g0", "g2")


def sent(name, vector):
    if name in ("words", "rare"):
        return models.SparseVector(indices=vector[0], values=vector[1])
    return vector


def dense(size, distance, **more):
    return models.VectorParams(size=size, distance=distance, **more)


client.create_collection("finder", vectors_config={
    "cosine": dense(plain.SIZE, models.Distance.COSINE),
    "dot": dense(plain.SIZE, models.Distance.DOT),
    "euclid": dense(plain.SIZE, models.Distance.EUCLID),
    "manhattan": dense(plain.SIZE, models.Distance.MANHATTAN),
    "late": dense(4, models.Distance.COSINE, multivector_config=models.MultiVectorConfig(
        comparator=models.MultiVectorComparator.MAX_SIM)),
}, sparse_vectors_config={
    "words": models.SparseVectorParams(),
    "rare": models.SparseVectorParams(modifier=models.Modifier.IDF),
})
client.upsert("finder", wait=True, points=[
    models.PointStruct(id=key, payload=payload, vector={
        name: sent(name, vector) for name, vector in vectors.items()})
    for key, (vectors, payload) in DATA.items()])
for field, schema in {
    "n": models.PayloadSchemaType.INTEGER, "group": models.PayloadSchemaType.KEYWORD,
    "tags": models.PayloadSchemaType.KEYWORD, "price": models.PayloadSchemaType.FLOAT,
}.items():
    client.create_payload_index("finder", field, schema, wait=True)

# The nearest, for each measure: by vector, by point, filtered, in pages, above a threshold.
for name in plain.MEASURES:
    wanted = WANTED[name]
    step(f"{name}", plain.same(
        found(query=sent(name, wanted), using=name, limit=12),
        plain.nearest(DATA, name, wanted, limit=12)))
    step(f"{name}, filtered and in pages", plain.same(
        found(query=sent(name, wanted), using=name, query_filter=EVEN, limit=4, offset=3),
        plain.nearest(DATA, name, wanted, is_even, limit=4, offset=3)))
    step(f"{name}, by point", plain.same(
        found(query=3, using=name, limit=5),
        plain.nearest(DATA, name, DATA[3][0][name], without=[3], limit=5)))
    whole = plain.nearest(DATA, name, wanted, limit=60)
    middle = (whole[2][1] + whole[3][1]) / 2
    step(f"{name}, with a threshold", plain.same(
        found(query=sent(name, wanted), using=name, score_threshold=middle), whole[:3]))
step("rarity", plain.same(
    found(query=sent("rare", WANTED["words"]), using="rare", limit=8),
    plain.nearest(DATA, "words", plain.weighted(DATA, WANTED["words"]), limit=8)))
hit = found(query=WANTED["dot"], using="dot", limit=1, with_payload=["n"], with_vectors=["dot"])[0]
step("parts", hit.payload == {"n": hit.id} and list(hit.vector) == ["dot"]
     and plain.same([hit], plain.nearest(DATA, "dot", WANTED["dot"], limit=1)))
step("batch", all(plain.same(one.points, plain.nearest(DATA, name, WANTED[name], limit=3))
                  for name, one in zip(("dot", "euclid"), client.query_batch_points("finder", [
                      models.QueryRequest(query=WANTED["dot"], using="dot", limit=3),
                      models.QueryRequest(query=WANTED["euclid"], using="euclid", limit=3)]))))

# Several examples.
for name in ("cosine", "dot", "euclid", "manhattan"):
    own = {key: vectors[name] for key, (vectors, _) in DATA.items()}
    liked, disliked = [own[1], WANTED[name]], [own[2]]
    asked = {"positive": [1, WANTED[name]], "negative": [2]}
    pairs = [(own[4], own[5]), (own[6], MORE[name])]
    context = [models.ContextPair(positive=4, negative=5),
               models.ContextPair(positive=6, negative=MORE[name])]
    for strategy, rule in (("best_score", plain.best_score), ("sum_scores", plain.sum_scores)):
        if not hasattr(models.RecommendStrategy, strategy.upper()):
            continue
        step(f"{name}, {strategy}", plain.same(
            found(using=name, query=models.RecommendQuery(recommend=models.RecommendInput(
                **asked, strategy=models.RecommendStrategy(strategy)))),
            plain.custom(DATA, name, rule(liked, disliked), without=[1, 2])))
    step(f"{name}, discover", plain.same(
        found(using=name, query=models.DiscoverQuery(discover=models.DiscoverInput(
            target=WANTED[name], context=context))),
        plain.custom(DATA, name, plain.discover(WANTED[name], pairs), without=[4, 5, 6])))
    scores = plain.custom(
        DATA, name, lambda like: sum(min(like(a) - like(b), 0) / (1 + abs(
            min(like(a) - like(b), 0))) for a, b in pairs), without=[4, 5, 6], limit=60)
    hits = found(using=name, limit=60, query=models.ContextQuery(context=context))
    step(f"{name}, context", len(hits) == 57 and all(
        abs(one.score - dict(scores)[one.id]) < 1e-4 for one in hits)
        and [one.score for one in hits] == sorted((one.score for one in hits), reverse=True))
unit = {key: plain.unit(vectors["cosine"]) for key, (vectors, _) in DATA.items()}
mean = plain.average([unit[1], unit[2]], [unit[3]])
step("average", plain.same(
    found(using="cosine", query=models.RecommendQuery(recommend=models.RecommendInput(
        positive=[1, 2], negative=[3]))),
    plain.nearest(DATA, "cosine", mean, without=[1, 2, 3])))

# Queries over what others found.
lists = [plain.nearest(DATA, "dot", WANTED["dot"], limit=20),
         plain.nearest(DATA, "words", WANTED["words"], limit=15)]
sources = [models.Prefetch(query=WANTED["dot"], using="dot", limit=20),
           models.Prefetch(query=sent("words", WANTED["words"]), using="words", limit=15)]
fused = plain.by_rank(lists, limit=60)


def same_scores(hits, expected):
    """As `same`, but points of equal scores may come in any order."""
    known = dict(expected)
    return len(hits) == len(expected) and all(
        abs(one.score - known[one.id]) < 1e-4 for one in hits) and all(
        one.score >= other.score for one, other in zip(hits, hits[1:]))


step("fused by rank", same_scores(
    found(prefetch=sources, query=models.FusionQuery(fusion=models.Fusion.RRF), limit=60), fused))
step("fused by score", plain.same(
    found(prefetch=sources, query=models.FusionQuery(fusion=models.Fusion.DBSF), limit=9),
    plain.by_score(lists, limit=9)))
kept = {key: DATA[key] for key in {key for found_list in lists for key, _ in found_list}}
step("rescored", plain.same(
    found(prefetch=sources, query=WANTED["euclid"], using="euclid", limit=9),
    plain.nearest(kept, "euclid", WANTED["euclid"], limit=9)))
inner = dict(plain.nearest(kept, "euclid", WANTED["euclid"], limit=10))
step("nested", plain.same(
    found(prefetch=models.Prefetch(
        prefetch=sources, query=WANTED["euclid"], using="euclid", limit=10),
        query=WANTED["late"], using="late", limit=5),
    plain.nearest({key: DATA[key] for key in inner}, "late", WANTED["late"], limit=5)))
step("filtered at the root", plain.same(
    found(prefetch=sources[:1], query=WANTED["euclid"], using="euclid", query_filter=EVEN,
          limit=30),
    plain.nearest({key: DATA[key] for key, _ in plain.nearest(
        DATA, "dot", WANTED["dot"], is_even, limit=20)}, "euclid", WANTED["euclid"], limit=30)))

# Orders of their own.
hits = found(query=models.OrderByQuery(order_by=models.OrderBy(
    key="price", direction=models.Direction.DESC)), limit=5)
prices = sorted(((payload["price"], key) for key, (_, payload) in DATA.items()), reverse=True)
step("in order", [one.id for one in hits] == [key for _, key in prices[:5]])
hits = found(query=models.SampleQuery(sample=models.Sample.RANDOM), limit=20)
step("sample", len({one.id for one in hits}) == 20 and {one.id for one in hits} <= set(DATA))
step("without a query", [one.id for one in found(limit=3, offset=2)] == [3, 4, 5])

# Another collection that examples and groups are looked up in.
client.create_collection("other", vectors_config={"twin": dense(plain.SIZE, models.Distance.DOT)})
client.upsert("other", wait=True, points=[
    models.PointStruct(id=number, vector={"twin": WANTED["dot"]}, payload={"is": number})
    for number in range(1, 61)])
step("looked up", plain.same(
    found(query=7, using="dot", limit=5, lookup_from=models.LookupLocation(
        collection="other", vector="twin")),
    plain.nearest(DATA, "dot", WANTED["dot"], limit=5)))

# Groups.
for field in ("group", "tags"):
    ranking = []
    for key, value in plain.nearest(DATA, "dot", WANTED["dot"], limit=60):
        values = DATA[key][1][field]
        for group in values if isinstance(values, list) else [values]:
            ranking.append((key, value, group))
    expected = plain.grouped(ranking, 3, 2)
    groups = client.query_points_groups(
        "finder", group_by=field, query=WANTED["dot"], using="dot", limit=3, group_size=2).groups
    step(f"groups by {field}", {one.id for one in groups} == {key for key, _ in expected} and all(
        plain.same(one.hits, dict(expected)[one.id]) for one in groups))
groups = client.query_points_groups(
    "finder", group_by="n", query=WANTED["dot"], using="dot", limit=3, group_size=1,
    with_lookup=models.WithLookup(collection="other", with_payload=True)).groups
step("groups with a lookup", [one.lookup.payload["is"] for one in groups] == [
    key for key, _ in plain.nearest(DATA, "dot", WANTED["dot"], limit=3)])

# Counted values, and points compared with each other.
hits = client.facet("finder", key="tags", facet_filter=EVEN, exact=True).hits
counts = {}
for _, payload in DATA.values():
    for tag in payload["tags"] if is_even(payload) else []:
        counts[tag] = counts.get(tag, 0) + 1
step("facet", {one.value: one.count for one in hits} == counts)
pairs = client.search_matrix_pairs("finder", using="dot", sample=20, limit=4).pairs
step("matrix of pairs", len(pairs) == 80 and all(abs(one.score - plain.dot(
    DATA[one.a][0]["dot"], DATA[one.b][0]["dot"])) < 1e-4 for one in pairs))
matrix = client.search_matrix_offsets("finder", using="euclid", sample=60, limit=2)
step("matrix of offsets", sorted(matrix.ids) == sorted(DATA) and all(
    any(abs(score - value) < 1e-4 for _, value in plain.nearest(
        DATA, "euclid", DATA[matrix.ids[row]][0]["euclid"], without=[matrix.ids[row]], limit=2))
    for row, score in zip(matrix.offsets_row, matrix.scores)))

if hasattr(models, "RrfQuery"):
    step("fused by weighted ranks", same_scores(
        found(prefetch=sources, limit=60, query=models.RrfQuery(
            rrf=models.Rrf(k=5, weights=[3.0, 1.0]))),
        plain.by_rank(lists, 5, [3, 1], limit=60)))
if hasattr(models, "Mmr"):
    step("diverse", plain.same(
        found(using="dot", limit=6, query=models.NearestQuery(
            nearest=WANTED["dot"], mmr=models.Mmr(diversity=0.4, candidates_limit=20))),
        plain.diverse(DATA, "dot", WANTED["dot"], 0.4, 20, 6)))
if hasattr(models, "RelevanceFeedbackQuery"):
    rated = [(WANTED["dot"], 0.9), (MORE["dot"], 0.5), (DATA[1][0]["dot"], 0.2)]
    step("rated", plain.same(
        found(using="dot", limit=6, query=models.RelevanceFeedbackQuery(
            relevance_feedback=models.RelevanceFeedbackInput(
                target=MORE["dot"],
                feedback=[models.FeedbackItem(example=example, score=score)
                          for example, score in [*rated[:2], (1, 0.2)]],
                strategy=models.NaiveFeedbackStrategy(
                    naive=models.NaiveFeedbackStrategyParams(a=0.3, b=1.5, c=0.7))))),
        plain.custom(DATA, "dot", plain.rated(MORE["dot"], rated, 0.3, 1.5, 0.7),
                     without=[1], limit=6)))
if hasattr(models, "FormulaQuery"):
    formula = models.SumExpression(sum=[
        "$score", models.MultExpression(mult=[0.01, "price"]),
        models.MultExpression(mult=[0.5, EVEN.must[0]]),
        models.ExpDecayExpression(exp_decay=models.DecayParamsExpression(
            x="n", target=30, scale=10, midpoint=0.5)),
        models.DivExpression(div=models.DivParams(
            left=models.GeoDistance(geo_distance=models.GeoDistanceParams(
                origin=models.GeoPoint(lon=10, lat=50), to="place")), right=1e6)),
        models.NegExpression(neg=models.SqrtExpression(sqrt=models.AbsExpression(abs="n")))])
    scores = {}
    for key, value in lists[0]:
        payload = DATA[key][1]
        scores[key] = (
            value + 0.01 * payload["price"] + 0.5 * is_even(payload)
            + 0.5 ** (abs(key - 30) / 10) - key ** 0.5
            + plain.distance({"lon": 10, "lat": 50}, payload["place"]) / 1e6)
    step("formula", plain.same(
        found(prefetch=sources[:1], query=models.FormulaQuery(formula=formula), limit=9),
        plain.ranked(scores, limit=9)))

if hasattr(client, "recommend"):
    step("search", plain.same(
        client.search("finder", ("dot", WANTED["dot"]), query_filter=EVEN, limit=4),
        plain.nearest(DATA, "dot", WANTED["dot"], is_even, limit=4)))
    step("recommend", plain.same(
        client.recommend("finder", [1, 2], [3], using="cosine", limit=4),
        plain.nearest(DATA, "cosine", mean, without=[1, 2, 3], limit=4)))
    step("discover", plain.same(
        client.discover("finder", target=1, using="dot", limit=4, context=[
            models.ContextExamplePair(positive=4, negative=5)]),
        plain.custom(DATA, "dot", plain.discover(
            DATA[1][0]["dot"], [(DATA[4][0]["dot"], DATA[5][0]["dot"])]),
            without=[1, 4, 5], limit=4)))
    step("search in batch", all(
        plain.same(one, plain.nearest(DATA, "dot", WANTED["dot"], limit=3))
        for one in client.search_batch("finder", [models.SearchRequest(
            vector=models.NamedVector(name="dot", vector=WANTED["dot"]), limit=3)] * 2)))
    groups = client.search_groups(
        "finder", ("dot", WANTED["dot"]), group_by="group", limit=2, group_size=2).groups
    expected = plain.grouped([(key, value, DATA[key][1]["group"]) for key, value in plain.nearest(
        DATA, "dot", WANTED["dot"], limit=60)], 2, 2)
    step("search for groups", [one.id for one in groups] == [key for key, _ in expected])

client.delete_collection("finder")
client.delete_collection("other")
print(f"qdrant-client {VERSION}: {len(done)} searches find what plain Python finds")
