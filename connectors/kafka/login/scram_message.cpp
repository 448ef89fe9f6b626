// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/login/scram_message.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "connectors/base/base64.h"

namespace weir::kafka {
namespace {

constexpr std::size_t message_bytes_max = 8 * 1024;
constexpr std::size_t part_bytes_max = 1024;

Error corrupt(const std::string& what) {
    return Error{.code = ErrorCode::Corrupt, .what = what};
}

struct Attribute {
    char name;
    std::string_view value;
};

Result<std::vector<Attribute>> attributes_of(std::string_view message) {
    if (message.size() > message_bytes_max)
        return Error{.code = ErrorCode::TooLarge, .what = "a message of SCRAM is too long"};
    std::vector<Attribute> all;
    for (std::size_t begin = 0; begin <= message.size();) {
        const std::size_t end = std::min(message.find(',', begin), message.size());
        const std::string_view part = message.substr(begin, end - begin);
        if (part.size() < 2 || part[1] != '=')
            return corrupt("a message of SCRAM is not made of attributes");
        const bool letter =
            (part[0] >= 'a' && part[0] <= 'z') || (part[0] >= 'A' && part[0] <= 'Z');
        if (!letter || part[0] == 'm')
            return corrupt("a message of SCRAM has an attribute that is not known");
        all.push_back({part[0], part.substr(2)});
        begin = end + 1;
    }
    return all;
}

bool printable(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

/// -1: not a number without sign or leading zero, or far too large.
int number_of(std::string_view text) {
    if (text.empty() || text.size() > 9 || text[0] == '0')
        return -1;
    int number = 0;
    for (const char c : text) {
        if (c < '0' || c > '9')
            return -1;
        number = number * 10 + (c - '0');
    }
    return number;
}

} // namespace

Result<ScramServerFirst> parse_server_first(std::string_view message) {
    const auto all = attributes_of(message);
    if (!all)
        return all.error();
    if (all->size() < 3 || (*all)[0].name != 'r' || (*all)[1].name != 's' || (*all)[2].name != 'i')
        return corrupt("the broker's challenge is not nonce, salt and iterations");
    const auto salt = base64_decoded_strictly((*all)[1].value);
    if (!salt || salt->empty() || salt->size() > part_bytes_max)
        return corrupt("the salt of the broker's challenge is none");
    ScramServerFirst first{std::string((*all)[0].value), *salt, 0};
    if (first.nonce.empty() || first.nonce.size() > part_bytes_max || !printable(first.nonce))
        return corrupt("the nonce of the broker's challenge is none");
    const std::string_view iterations = (*all)[2].value;
    first.iterations = number_of(iterations);
    const bool long_number =
        iterations.size() > 9 && std::all_of(iterations.begin(), iterations.end(),
                                             [](char c) { return c >= '0' && c <= '9'; });
    if (first.iterations < 0 && !long_number)
        return corrupt("the iterations of the broker's challenge are no number");
    if (first.iterations < scram_iterations_min || first.iterations > scram_iterations_max)
        return Error{.code = ErrorCode::Refused,
                     .what = "the broker asks for fewer iterations of the hash than " +
                             std::to_string(scram_iterations_min) + " or for more than " +
                             std::to_string(scram_iterations_max)};
    return first;
}

Result<ScramServerFinal> parse_server_final(std::string_view message) {
    const auto all = attributes_of(message);
    if (!all)
        return all.error();
    const Attribute& verdict = all->front();
    if (verdict.name == 'e') {
        if (verdict.value.empty() || verdict.value.size() > part_bytes_max ||
            !printable(verdict.value))
            return corrupt("the broker's verdict is no word");
        return ScramServerFinal{{}, std::string(verdict.value)};
    }
    const auto signature = base64_decoded_strictly(verdict.value);
    if (verdict.name != 'v' || !signature || signature->empty())
        return corrupt("the broker's verdict holds no signature");
    return ScramServerFinal{*signature, {}};
}

std::string scram_name(std::string_view name) {
    std::string escaped;
    for (const char c : name) {
        if (c == ',')
            escaped += "=2C";
        else if (c == '=')
            escaped += "=3D";
        else
            escaped += c;
    }
    return escaped;
}

} // namespace weir::kafka
