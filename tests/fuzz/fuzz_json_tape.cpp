// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// JsonTape on any bytes, against nlohmann/json. They differ on purpose where the other refuses what
// the standard's grammar has (numbers past a double, halves of a surrogate pair), skips a byte
// order mark, or takes a zero byte for the end; whatever nlohmann accepts else, the tape accepts,
// and the other way round.
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "models/event/json/json_tape.h"

using namespace weir;

namespace {

void check(bool fine) {
    if (!fine)
        std::abort();
}

enum class Verdict { Json, NotJson, NoComparison };

Verdict of_nlohmann(std::string_view text) {
    if (text.substr(0, 3) == "\xEF\xBB\xBF" || text.find("\\ud") != std::string_view::npos ||
        text.find("\\uD") != std::string_view::npos || text.find('\0') != std::string_view::npos ||
        text.size() > 4'096)
        return Verdict::NoComparison;
    try {
        return nlohmann::json::parse(text).is_discarded() ? Verdict::NotJson : Verdict::Json;
    } catch (const nlohmann::json::out_of_range&) {
        return Verdict::NoComparison;
    } catch (const nlohmann::json::exception&) {
        return Verdict::NotJson;
    }
}

void check_nodes(const JsonTape& tape) {
    const auto& nodes = tape.nodes();
    std::string scratch;
    for (std::uint32_t i = 0; i < nodes.size(); ++i) {
        check(nodes[i].next > i && nodes[i].next <= nodes.size());
        check(std::size_t{nodes[i].offset} + nodes[i].length <= tape.text().size());
        if (nodes[i].kind == JsonKind::String || nodes[i].kind == JsonKind::Key) {
            // What is unescaped and written again is read as the same text.
            const std::string text(tape.text_of(i, scratch));
            std::string quoted;
            append_json_string(text, quoted);
            JsonTape again;
            check(again.parse(quoted) && again.unescaped(0) == text);
        }
        if (i < 200 && nodes[i].kind != JsonKind::Key) {
            // Where keys repeat, a pointer leads to the last of them, or nowhere.
            const std::string pointer = tape.pointer(i);
            const auto found = tape.at(pointer);
            check(!found || tape.pointer(*found) == pointer);
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // A copy of exact size, so that a read past the end is seen.
    const std::vector<char> bytes(data, data + size);
    const std::string_view text(bytes.data(), bytes.size());
    JsonTape tape;
    const bool ours = tape.parse(text);
    if (ours) {
        check(!tape.nodes().empty() && tape.nodes().front().next == tape.nodes().size());
        check_nodes(tape);
    } else {
        check(tape.error().offset <= text.size() && *tape.error().what != '\0');
    }
    const Verdict theirs = of_nlohmann(text);
    check(theirs == Verdict::NoComparison || ours == (theirs == Verdict::Json) ||
          is_too_deep(tape.error().what));
    return 0;
}
