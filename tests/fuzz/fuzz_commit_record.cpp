// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any bytes as a record of __consumer_offsets: the first byte is the key's length, what follows it
// is the value. A commit holds what one must, its texts lie in the key, and of a commit nothing can
// be left out or added.
#include <algorithm>
#include <cstdlib>

#include "connectors/kafka/admin/commit_record.h"

using namespace weir;
using namespace weir::kafka;

namespace {

using Kind = CommitRecord::Kind;

void require(bool holds) {
    if (!holds)
        std::abort();
}

bool lies_in(std::string_view part, std::string_view whole) {
    return part.empty() || (part.data() >= whole.data() &&
                            part.data() + part.size() <= whole.data() + whole.size());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::size_t cut = std::min<std::size_t>(data[0], bytes.size());
    const std::string key(bytes.substr(0, cut)), value(bytes.substr(cut));

    const CommitRecord record = parse_commit(key, value);
    if (record.kind == Kind::Commit) {
        require(record.partition.value() >= 0 && record.offset.value() >= 0);
        require(record.at.value() >= 0);
        require(lies_in(record.group, key) && lies_in(record.topic, key));
        require(parse_commit(key, value.substr(0, value.size() - 1)).kind == Kind::Unreadable);
        require(parse_commit(key, value + '\0').kind == Kind::Unreadable);
        require(parse_commit(key.substr(0, key.size() - 1), value).kind == Kind::Unreadable);
    }
    const CommitRecord deletion = parse_commit(key, std::nullopt);
    require(deletion.kind != Kind::Commit);
    require((deletion.kind == Kind::Other) == (record.kind == Kind::Other));
    if (record.kind == Kind::Commit)
        require(deletion.kind == Kind::Deletion && deletion.group == record.group);

    const std::int32_t partitions = 1 + data[0];
    const std::int32_t at = commits_partition(bytes, partitions).value();
    require(at >= 0 && at < partitions);
    return 0;
}
