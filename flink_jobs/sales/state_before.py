"""The ids that Flink gave the sales job's stateful operators in versions without names. Such a job finds its state by them (decision 22)."""

BEFORE = {
    "dead_letters: committer": "409d3091aa140d567e7ceed965812d04",
    "dead_letters: writer": "13e85415c2d0b313742bf5e7628c7336",
    "hot_dead_letters_by_minute: GlobalGroupAggregate": "85739d88e39cbce32e593bf83f426e93",
    "hot_dead_letters_by_minute: committer": "af91dc9fd24e6477904d5c6330561e3e",
    "hot_dead_letters_by_minute: writer": "292ab01d6a3dd0fbca89a6728ad1950e",
    "hot_returns_by_minute: GlobalGroupAggregate": "78d380b22ab2e285de1d2569d0b4c0a1",
    "hot_returns_by_minute: committer": "72475bef768155829cef68ec9b4219cb",
    "hot_returns_by_minute: writer": "1b4ce7274926b803c25270782dc25717",
    "hot_sales_by_department: GlobalGroupAggregate": "70ae7adf9b2c4155138aaa2d3a97e469",
    "hot_sales_by_department: committer": "2da5a31616a9702ea563f89b6052e920",
    "hot_sales_by_department: writer": "1dc4f420b4294d7d0e048c8972923c27",
    "hot_sales_by_minute: GlobalGroupAggregate": "5be17b314e1abac9e10ea7e1b5c82b92",
    "hot_sales_by_minute: committer": "5af38b9d123eb1195b0150899a10ead8",
    "hot_sales_by_minute: writer": "3d9330ede9c1aa82c4ab7c4963904780",
    "hot_sales_by_store: GlobalGroupAggregate": "112ad050d529b1d02162f919ccad8f65",
    "hot_sales_by_store: committer": "46a1e69807b6a11b07afa37aa91deb7a",
    "hot_sales_by_store: writer": "776ce45fa07971f9619dea3bf12a65c9",
    "hot_top_products: GlobalGroupAggregate": "88c2a352f34235197df3e89b1d54f629",
    "hot_top_products: Rank": "3cbb724518ea14a9f392c052ce22cbc1",
    "hot_top_products: committer": "e2ddf83ecc2f33bfbd3950213b8a34a4",
    "hot_top_products: writer": "15b2d2d4f7a93b96db5f90d210bb302b",
    "lake.quality.dead_letters: IcebergFilesCommitter": "d8800ff63a626b94265a64d6869d92ea",
    "lake.sales.lines: IcebergFilesCommitter": "72ca721a22a688fb7a79e09ed84382c0",
    "lake.web.events: Deduplicate": "bccaace221828c10098b5e0842849cfa",
    "lake.web.events: IcebergFilesCommitter": "619854150442fb2c337b20feb019367b",
}

#: Iceberg notes in the table which operator committed a checkpoint. Under another id the operator would commit the checkpoint again, so these
#: operators keep their old ids: Flink's digest (murmur3, 128 bits, seed 0) of each text is the old id.
KEPT = {
    "lake.quality.dead_letters: IcebergFilesCommitter": "lake.quality.dead_letters commitdbl5x4kaaaaaaaaaVcYPQCxYyAlUcl3j",
    "lake.sales.lines: IcebergFilesCommitter": "lake.sales.lineskjlnocfaaaaaaaaaFi9o1t7qhzCoFQfA",
    "lake.web.events: IcebergFilesCommitter": "lake.web.events:pab5gmbaaaaaaaaaDXoCMM0fDzAeoRft",
}
