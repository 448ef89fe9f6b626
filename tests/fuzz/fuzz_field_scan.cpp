// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A scan that knows outlines of what it has seen before, against one that has seen nothing: on any
// bytes both must say the same. The bytes are several texts, apart by zero bytes, of which each is
// seen twice.
#include <cstdlib>
#include <memory>

#include "models/event/decode/field_scan.h"

using namespace weir;

namespace {

constexpr std::size_t slots = 4;
constexpr std::uint16_t batch_slot = 3;

void check(bool fine) {
    if (!fine)
        std::abort();
}

const PathTrie& wanted() {
    static const PathTrie trie = [] {
        PathTrie made;
        made.add({"a"}, 0);
        made.add({"b", "c"}, 1);
        made.add({"d"}, 2);
        made.add({"e"}, batch_slot);
        made.seal();
        return made;
    }();
    return trie;
}

bool same(const Capture& a, const Capture& b) {
    return a.data == b.data &&
           (a.data == nullptr || (a.size == b.size && a.kind == b.kind && a.escaped == b.escaped));
}

void compare(FieldScan& experienced, std::string_view text) {
    static std::vector<Capture> expected(slots), found(slots);
    const auto fresh = std::make_unique<FieldScan>();
    const auto by_scanner = fresh->scan(wanted(), text, batch_slot, 10, expected);
    const auto outcome = experienced.scan(wanted(), text, batch_slot, 10, found);
    check(outcome.end == by_scanner.end);
    check(experienced.spans() == fresh->spans());
    if (outcome.end == nullptr) {
        check(outcome.error.offset == by_scanner.error.offset);
        check(std::string_view(outcome.error.what) == by_scanner.error.what);
        return;
    }
    check(outcome.root == by_scanner.root);
    for (std::size_t i = 0; i < slots; ++i)
        check(same(expected[i], found[i]));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto experienced = std::make_unique<FieldScan>();
    std::string_view bytes(reinterpret_cast<const char*>(data), size);
    while (!bytes.empty()) {
        const std::size_t end = std::min(bytes.find('\0'), bytes.size());
        compare(*experienced, bytes.substr(0, end));
        compare(*experienced, bytes.substr(0, end));
        bytes.remove_prefix(std::min(end + 1, bytes.size()));
    }
    return 0;
}
