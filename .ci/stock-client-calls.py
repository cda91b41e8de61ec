"""What an application asks of a server, through the stock client; the address is the argument."""

from qdrant_client import models
from stock_steps import VERSION, client, done, step

VECTORS = {
    "dense": models.VectorParams(size=4, distance=models.Distance.COSINE),
    "late": models.VectorParams(
        size=2, distance=models.Distance.DOT,
        multivector_config=models.MultiVectorConfig(
            comparator=models.MultiVectorComparator.MAX_SIM)),
}

step("create", client.create_collection(
    "books", vectors_config=VECTORS,
    sparse_vectors_config={"words": models.SparseVectorParams(modifier=models.Modifier.IDF)},
    hnsw_config=models.HnswConfigDiff(m=8),
    quantization_config=models.ScalarQuantization(
        scalar=models.ScalarQuantizationConfig(type=models.ScalarType.INT8))))
step("exists", client.collection_exists("books"))
step("get", client.get_collection("books").config.hnsw_config.m == 8)
step("list", [one.name for one in client.get_collections().collections] == ["books"])
step("update", client.update_collection(
    "books", optimizers_config=models.OptimizersConfigDiff(indexing_threshold=5000)))
step("updated",
     client.get_collection("books").config.optimizer_config.indexing_threshold == 5000)

for field, schema in {
    "genre": models.PayloadSchemaType.KEYWORD,
    "year": models.IntegerIndexParams(
        type=models.IntegerIndexType.INTEGER, lookup=True, range=True),
    "title": models.TextIndexParams(
        type=models.TextIndexType.TEXT, tokenizer=models.TokenizerType.WORD, lowercase=True),
}.items():
    answer = client.create_payload_index("books", field, schema, wait=True)
    step(f"index {field}", answer.status == models.UpdateStatus.COMPLETED)
step("indexed", set(client.get_collection("books").payload_schema) == {"genre", "year", "title"})

step("alias", client.update_collection_aliases([
    models.CreateAliasOperation(
        create_alias=models.CreateAlias(collection_name="books", alias_name="library"))]))
step("aliases", [one.alias_name for one in client.get_aliases().aliases] == ["library"])

points = [
    models.PointStruct(
        id=number,
        vector={
            "dense": [1.0, number / 10, 0.0, 0.5],
            "late": [[1.0, 0.0], [0.0, float(number)]],
            "words": models.SparseVector(indices=[1, number + 2], values=[1.0, 0.5]),
        },
        payload={"genre": "novel" if number % 2 else "poem", "year": 1990 + number,
                 "title": f"A book of number {number}"})
    for number in range(1, 11)
]
answer = client.upsert("library", points, wait=True)
step("upsert", answer.status == models.UpdateStatus.COMPLETED)
step("count", client.count("books", exact=True).count == 10)
NOVELS = models.Filter(
    must=[models.FieldCondition(key="genre", match=models.MatchValue(value="novel"))])
step("count with a filter", client.count("books", count_filter=NOVELS, exact=True).count == 5)
found, after = client.scroll("books", limit=4, with_vectors=True)
step("scroll", [one.id for one in found] == [1, 2, 3, 4] and after == 5)
found, _ = client.scroll(
    "books", limit=3, order_by=models.OrderBy(key="year", direction=models.Direction.DESC))
step("scroll in order", [one.id for one in found] == [10, 9, 8])
step("retrieve", client.retrieve("books", [3])[0].payload["year"] == 1993)

exact = models.SearchParams(exact=True)
found = client.query_points(
    "books", query=[1.0, 1.0, 0.0, 0.5], using="dense", limit=3, search_params=exact).points
step("query", found[0].id == 10 and len(found) == 3)
found = client.query_points(
    "books", query=models.SparseVector(indices=[5], values=[1.0]), using="words", limit=3,
    search_params=exact).points
step("query sparse", [one.id for one in found] == [3])
found = client.query_points(
    "books", query=[[0.0, 1.0]], using="late", limit=2, search_params=exact).points
step("query several vectors", [one.id for one in found] == [10, 9])
found = client.query_points(
    "books",
    prefetch=[
        models.Prefetch(query=[1.0, 1.0, 0.0, 0.5], using="dense", limit=5, params=exact),
        models.Prefetch(
            query=models.SparseVector(indices=[1], values=[1.0]), using="words", limit=5,
            params=exact),
    ],
    query=models.FusionQuery(fusion=models.Fusion.RRF), limit=3).points
step("query fused", len(found) == 3)
groups = client.query_points_groups(
    "books", group_by="genre", query=[1.0, 1.0, 0.0, 0.5], using="dense", limit=2, group_size=2,
    search_params=exact).groups
step("groups", {one.id for one in groups} == {"novel", "poem"})
hits = client.facet("books", key="genre").hits
step("facet", {one.value: one.count for one in hits} == {"novel": 5, "poem": 5})

client.set_payload("books", {"seen": True}, points=[1, 2], wait=True)
client.overwrite_payload("books", {"only": 1}, points=[3], wait=True)
client.delete_payload("books", ["seen"], points=[2], wait=True)
payloads = {one.id: one.payload for one in client.retrieve("books", [1, 2, 3])}
step("payloads", payloads[1]["seen"] and "seen" not in payloads[2] and payloads[3] == {"only": 1})
client.clear_payload("books", points_selector=[10], wait=True)
step("cleared", client.retrieve("books", [10])[0].payload == {})
client.update_vectors(
    "books", points=[models.PointVectors(id=6, vector={"dense": [0.0, 0.0, 2.0, 0.0]})], wait=True)
kept = client.retrieve("books", [6], with_vectors=["dense"])[0].vector
step("update vectors", kept == {"dense": [0.0, 0.0, 1.0, 0.0]})
answers = client.batch_update_points("books", [
    models.UpsertOperation(upsert=models.PointsList(points=[
        models.PointStruct(id=11, vector={"dense": [1.0, 0.0, 0.0, 0.0]}, payload={"a": 1})])),
    models.SetPayloadOperation(set_payload=models.SetPayload(payload={"b": 2}, points=[11])),
    models.DeleteOperation(delete=models.PointIdsList(points=[12]))], wait=True)
step("batch of updates", len(answers) == 3
     and client.retrieve("books", [11])[0].payload == {"a": 1, "b": 2})
client.delete("books", points_selector=[11], wait=True)
if hasattr(models, "UpdateMode"):
    one = models.PointStruct(id=1, vector={"dense": [1.0, 0.0, 0.0, 0.0]}, payload={"new": True})
    other = models.PointStruct(id=99, vector={"dense": [1.0, 0.0, 0.0, 0.0]}, payload={})
    client.upsert("books", [one], wait=True, update_mode=models.UpdateMode.INSERT_ONLY)
    client.upsert("books", [other], wait=True, update_mode=models.UpdateMode.UPDATE_ONLY)
    client.upsert("books", [one], wait=True, update_filter=models.Filter(
        must=[models.FieldCondition(key="seen", match=models.MatchValue(value=False))]))
    step("conditional updates", "new" not in client.retrieve("books", [1])[0].payload
         and client.retrieve("books", [99]) == [])
client.delete_vectors("books", vectors=["late"], points=[4], wait=True)
step("vectors", "late" not in client.retrieve("books", [4], with_vectors=True)[0].vector)
client.delete("books", points_selector=NOVELS, wait=True)
step("delete points", client.count("books", exact=True).count == 6)

snapshot = client.create_snapshot("books", wait=True)
step("snapshot", [one.name for one in client.list_snapshots("books")] == [snapshot.name])
step("recover", client.recover_snapshot(
    "books", location=f"file:///qdrant/snapshots/books/{snapshot.name}", wait=True)
     and client.count("books", exact=True).count == 6)
shard = client.create_shard_snapshot("books", 0, wait=True)
step("snapshot of a shard",
     [one.name for one in client.list_shard_snapshots("books", 0)] == [shard.name])
client.delete_shard_snapshot("books", 0, shard.name, wait=True)
whole = client.create_full_snapshot(wait=True)
step("snapshot of all", [one.name for one in client.list_full_snapshots()] == [whole.name])
client.delete_full_snapshot(whole.name, wait=True)
client.delete_snapshot("books", snapshot.name, wait=True)
step("no snapshot", client.list_snapshots("books") == [])

if hasattr(models, "DenseVectorNameConfig"):
    client.create_vector_name("books", "more", models.DenseVectorNameConfig(
        dense=models.DenseVectorConfig(size=3, distance=models.Distance.DOT)), wait=True)
    step("add a vector", "more" in client.get_collection("books").config.params.vectors)
    client.delete_vector_name("books", "more", wait=True)
    step("drop a vector", "more" not in client.get_collection("books").config.params.vectors)
client.upload_collection(
    "books", vectors=[{"dense": [1.0, 0.0, 0.0, 0.0]}] * 150, ids=range(1000, 1150), wait=True)
client.upload_points("books", [
    models.PointStruct(id=number, vector={"dense": [0.0, 1.0, 0.0, 0.0]})
    for number in range(2000, 2150)], wait=True)
step("upload", client.count("books", exact=True).count == 306)
client.delete_payload_index("books", "title", wait=True)
step("drop index", "title" not in client.get_collection("books").payload_schema)
step("drop alias", client.update_collection_aliases([
    models.DeleteAliasOperation(delete_alias=models.DeleteAlias(alias_name="library"))]))
step("delete", client.delete_collection("books") and not client.collection_exists("books"))
print(f"qdrant-client {VERSION}: {len(done)} calls and answers are as expected")
