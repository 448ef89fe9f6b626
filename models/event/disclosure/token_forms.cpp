// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/disclosure/token_forms.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <vector>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "connectors/base/characters.h"
#include "models/event/disclosure/value_patterns.h"
#include "models/event/json/utf8.h"

namespace weir::tokens {

namespace {

constexpr std::array<std::string_view, 64> given_names{
    "Ada",   "Alma",  "Amir",  "Anouk", "Arda", "Asta",  "Bela", "Bodil", "Carlo", "Cleo",
    "Dalia", "Dario", "Edda",  "Elif",  "Emil", "Enzo",  "Esme", "Fadi",  "Finn",  "Flora",
    "Frida", "Gaia",  "Goran", "Greta", "Hana", "Hugo",  "Ida",  "Ilias", "Inga",  "Ivo",
    "Jana",  "Joris", "Juno",  "Kaan",  "Kira", "Lale",  "Lars", "Leona", "Lior",  "Luca",
    "Mai",   "Malik", "Marit", "Milo",  "Mina", "Nadia", "Nils", "Noor",  "Olga",  "Orla",
    "Otis",  "Pablo", "Petra", "Quinn", "Rana", "Remy",  "Runa", "Samir", "Selma", "Tarik",
    "Thea",  "Ugo",   "Vera",  "Yara"};
constexpr std::array<std::string_view, 64> family_names{
    "Abel",   "Adler",  "Alder",   "Ansel",   "Arlow",  "Aster",  "Balint", "Barlow",
    "Becker", "Birk",   "Brandt",  "Calder",  "Castor", "Clay",   "Colt",   "Corvin",
    "Dahl",   "Darrow", "Delmar",  "Dorn",    "Eklund", "Ellis",  "Ember",  "Falk",
    "Fenn",   "Ferris", "Forster", "Gale",    "Garner", "Grau",   "Haas",   "Hale",
    "Harlow", "Heron",  "Holm",    "Iversen", "Jansen", "Juhl",   "Keller", "Kern",
    "Lang",   "Larkin", "Linde",   "Lund",    "Marsh",  "Mercer", "Moor",   "Noack",
    "Nyman",  "Olsen",  "Palm",    "Perrin",  "Quist",  "Reed",   "Rowan",  "Sand",
    "Sorrel", "Stroud", "Thorn",   "Tilde",   "Vance",  "Voss",   "Weller", "Wilde"};
constexpr std::array<std::string_view, 3> mail_hosts{"example.com", "example.net", "example.org"};
constexpr std::array<std::string_view, 3> ipv4_nets{"192.0.2.", "198.51.100.", "203.0.113."};

constexpr int escaped_characters = 16; // of what stands for a text within an address

template <std::size_t N>
std::string_view one_of(const std::array<std::string_view, N>& all, Draw& draw) {
    return all[draw.below(static_cast<std::uint32_t>(N))];
}

bool is_hyphen_of_uuid(std::size_t at) {
    return at == 8 || at == 13 || at == 18 || at == 23;
}

char in_case_of(char like, char ch) {
    return like >= 'A' && like <= 'Z' && is_letter(ch) ? static_cast<char>(ch - 32) : ch;
}

/// Version and variant stay, so that what checks a UUID takes it for one.
std::string uuid(std::string_view value, Draw& draw) {
    constexpr std::size_t version = 14;
    constexpr std::size_t variant = 19;
    const bool upper =
        std::any_of(value.begin(), value.end(), [](char ch) { return ch >= 'A' && ch <= 'F'; });
    std::string token(value);
    for (std::size_t i = 0; i < token.size(); ++i)
        if (!is_hyphen_of_uuid(i) && i != version && i != variant)
            token[i] = in_case_of(upper ? 'A' : 'a', draw.hex());
    return token;
}

std::string hex_word(int characters, Draw& draw) {
    std::string token;
    for (int i = 0; i < characters; ++i)
        token += draw.hex();
    return token;
}

std::string email(std::size_t characters_max, Draw& draw) {
    constexpr std::size_t local_least = 4;
    constexpr std::size_t local_most = 12;
    constexpr std::size_t around = 1 + 1 + mail_hosts[0].size(); // t…@example.com
    std::size_t local = local_most;
    if (characters_max > 0 && characters_max < around + local_most)
        local = std::max(local_least, characters_max - std::min(characters_max, around));
    std::string token = "t" + hex_word(static_cast<int>(local), draw);
    return token.append("@").append(one_of(mail_hosts, draw));
}

std::string ipv4(Draw& draw) {
    return std::string(one_of(ipv4_nets, draw)) + std::to_string(1 + draw.below(254));
}

std::string ipv6(Draw& draw) {
    constexpr int groups = 6;
    std::string token = "2001:db8";
    for (int i = 0; i < groups; ++i) {
        token += ':';
        token += "123456789abcdef"[draw.below(15)];
        for (int digit = 0; digit < 3; ++digit)
            token += draw.hex();
    }
    return token;
}

bool all_of(std::string_view text, bool (*is)(char)) {
    return std::all_of(text.begin(), text.end(), is);
}

bool is_date(std::string_view value) {
    return value.size() >= 10 && value[4] == '-' && value[7] == '-' &&
           all_of(value.substr(0, 4), is_digit) && all_of(value.substr(5, 2), is_digit) &&
           all_of(value.substr(8, 2), is_digit) && (value.size() == 10 || !is_digit(value[10]));
}

std::string two_digits(std::uint32_t number) {
    return {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
}

/// Written as within an address: `jane%40example.org`.
bool holds_escape(std::string_view value) {
    for (std::size_t at = value.find('%'); at != std::string_view::npos;
         at = value.find('%', at + 1))
        if (at + 2 < value.size() && is_hex(value[at + 1]) && is_hex(value[at + 2]))
            return true;
    return false;
}

/// A day that every year has; behind it a time of day, if there is one.
std::string date(std::string_view value, Draw& draw) {
    constexpr std::uint32_t first_year = 1930;
    constexpr std::uint32_t years = 80;
    std::string token = std::to_string(first_year + draw.below(years)) + "-" +
                        two_digits(1 + draw.below(12)) + "-" + two_digits(1 + draw.below(28));
    constexpr std::size_t time_end = 19; // 2026-01-31T23:59:59
    const bool timed = value.size() >= time_end && value[13] == ':' && value[16] == ':';
    if (!timed)
        return token.append(value.substr(10));
    token += value[10];
    token += two_digits(draw.below(24)) + ":" + two_digits(draw.below(60)) + ":" +
             two_digits(draw.below(60));
    return token.append(value.substr(time_end));
}

std::string link(std::string_view value, Draw& draw) {
    constexpr int path_characters = 16;
    const std::string_view scheme = value.substr(0, value.find("://") + 3);
    return std::string(scheme) + "example.org/" + hex_word(path_characters, draw);
}

std::string name(std::string_view value, Draw& draw) {
    const bool whole = value.find(' ') != std::string_view::npos;
    std::string token(one_of(given_names, draw));
    if (whole)
        token.append(" ").append(one_of(family_names, draw));
    return token;
}

/// "u-", "cus_": what kind of id it is, not whose.
std::size_t prefix_of(std::string_view value) {
    constexpr std::size_t prefix_max = 4;
    std::size_t end = 0;
    while (end < value.size() && is_letter(value[end]))
        ++end;
    const bool parted = end < value.size() && (value[end] == '-' || value[end] == '_');
    return end > 0 && end <= prefix_max && parted ? end + 1 : 0;
}

/// "mailto:", "tel:": the schemes whose addresses are somebody's, and have no host.
std::size_t scheme_size(std::string_view value) {
    for (const std::string_view scheme : {"mailto:", "tel:", "sms:", "sip:", "sips:", "xmpp:"})
        if (value.size() > scheme.size() &&
            std::equal(scheme.begin(), scheme.end(), value.begin(),
                       [](char a, char b) { return a == lower(b); }))
            return scheme.size();
    return 0;
}

/// Part of a host's name in front of its last two, that many hosts have.
bool is_of_many_hosts(std::string_view label) {
    constexpr std::array<std::string_view, 10> labels{"www", "m",    "mobile", "app",    "api",
                                                      "cdn", "shop", "store",  "static", "img"};
    return std::find(labels.begin(), labels.end(), label) != labels.end();
}

/// "https://" and "shop.example/" of https://jane:secret@jane.shop.example/u/jane: people stand
/// before an @, and in front of a domain.
template <class Keep>
void keep_place_of_link(std::string_view value, Keep keep) {
    const std::size_t authority = value.find("://") + 3;
    const std::size_t path = value.find('/', authority);
    if (path == std::string_view::npos)
        return;
    keep(0, authority);
    const std::size_t at = value.substr(0, path).rfind('@');
    std::size_t label = at == std::string_view::npos || at < authority ? authority : at + 1;
    while (label < path) {
        const std::size_t dot = value.find('.', label);
        const bool in_domain = dot >= path || value.find('.', dot + 1) >= path;
        if (in_domain)
            break;
        if (is_of_many_hosts(value.substr(label, dot - label)))
            keep(label, dot);
        label = dot + 1;
    }
    keep(label, path + 1);
}

bool is_hex_word(std::string_view word) {
    constexpr std::size_t hex_characters_min = 8;
    return word.size() >= hex_characters_min && all_of(word, is_hex) && !all_of(word, is_digit);
}

/// Letters for letters, digits for digits; no leading zero where there was none.
void append_word(std::string_view word, Draw& draw, std::string& out) {
    const bool hex = is_hex_word(word);
    const bool upper = word.find_first_of("ABCDEF") != std::string_view::npos;
    for (std::size_t i = 0; i < word.size(); ++i) {
        const char ch = word[i];
        if (hex)
            out += in_case_of(upper ? 'A' : 'a', draw.hex());
        else if (is_digit(ch))
            out += i == 0 && ch != '0' ? static_cast<char>('1' + draw.below(9))
                   : i == 0            ? ch
                                       : draw.digit();
        else
            out += in_case_of(ch, static_cast<char>('a' + draw.below(26)));
    }
}

} // namespace

Draw::Draw(std::string_view key, std::string_view value, int attempt)
    : m_key(key)
    , m_value(value)
    , m_attempt(attempt) {}

void Draw::refill() {
    std::string message(m_value);
    message += static_cast<char>(m_attempt);
    for (int shift = 0; shift < 32; shift += 8)
        message += static_cast<char>(m_blocks >> shift & 0xFF);
    unsigned size = 0;
    HMAC(EVP_sha256(), m_key.data(), static_cast<int>(m_key.size()),
         reinterpret_cast<const unsigned char*>(message.data()), message.size(), m_block.data(),
         &size);
    ++m_blocks;
    m_used = 0;
}

std::uint8_t Draw::byte() {
    if (m_used == m_block.size())
        refill();
    return m_block[m_used++];
}

std::uint32_t Draw::below(std::uint32_t limit) {
    const std::uint32_t number = std::uint32_t{byte()} << 8U | byte();
    return number % limit;
}

std::uint64_t Draw::word() {
    std::uint64_t all = 0;
    for (int i = 0; i < 8; ++i)
        all = all << 8U | byte();
    return all;
}

char Draw::hex() {
    return "0123456789abcdef"[byte() & 0xF];
}

std::string alike(std::string_view value, Kept kept, Draw& draw) {
    if (kept.first + kept.last >= value.size())
        return std::string(value);
    std::string token(value.substr(0, kept.first));
    const std::string_view last = value.substr(value.size() - kept.last);
    value.remove_suffix(kept.last);
    for (std::size_t at = token.size(); at < value.size();) {
        std::size_t end = at;
        while (end < value.size() && is_alnum(value[end]))
            ++end;
        if (end > at) {
            append_word(value.substr(at, end - at), draw, token);
            at = end;
        } else if (static_cast<unsigned char>(value[at]) < 0x80) {
            token += value[at++];
        } else { // a letter of another script
            token += static_cast<char>('a' + draw.below(26));
            at += std::max<std::size_t>(
                1, utf8_sequence(value.data() + at, value.data() + value.size()));
        }
    }
    return token.append(last);
}

std::string alike_in_place(std::string_view value, Kept kept, Draw& draw) {
    std::vector<bool> stays(value.size(), false);
    const auto keep = [&](std::size_t begin, std::size_t end) {
        std::fill(stays.begin() + static_cast<std::ptrdiff_t>(begin),
                  stays.begin() + static_cast<std::ptrdiff_t>(end), true);
    };
    keep(0, std::min(kept.first, value.size()));
    keep(value.size() - std::min(kept.last, value.size()), value.size());
    if (value.find("://") != std::string_view::npos) {
        keep_place_of_link(value, keep);
    } else if (const std::size_t at = value.rfind('@'); at != std::string_view::npos) {
        keep(0, scheme_size(value));
        keep(at, value.size());
    }
    std::string token;
    for (std::size_t begin = 0; begin < value.size();) {
        std::size_t end = begin + 1;
        while (end < value.size() && stays[end] == stays[begin])
            ++end;
        const std::string_view part = value.substr(begin, end - begin);
        token += stays[begin] ? std::string(part) : alike(part, {}, draw);
        begin = end;
    }
    return token;
}

std::string text(std::string_view value, std::string_view reason, std::size_t characters_max,
                 Draw& draw) {
    if (patterns::is_uuid(value))
        return uuid(value, draw);
    if (value.find("://") != std::string_view::npos)
        return link(value, draw);
    if (const std::size_t scheme = scheme_size(value); scheme > 0) {
        const std::size_t left = characters_max > scheme ? characters_max - scheme : 0;
        return std::string(value.substr(0, scheme)) +
               text(value.substr(scheme), reason, left, draw);
    }
    if (holds_escape(value))
        return hex_word(escaped_characters, draw);
    if (patterns::holds_email(value) && value.find_first_of(" <>,;") == std::string_view::npos)
        return email(characters_max, draw);
    if (all_of(value, [](char ch) { return is_digit(ch) || ch == '.'; }) &&
        patterns::holds_ipv4(value))
        return ipv4(draw);
    if (all_of(value, [](char ch) { return is_hex(ch) || ch == ':' || ch == '.'; }) &&
        patterns::holds_ipv6(value))
        return ipv6(draw);
    if (is_date(value))
        return date(value, draw);
    return reason == "name" ? name(value, draw) : alike(value, {prefix_of(value), 0}, draw);
}

std::string number(std::string_view digits, std::size_t kept, Draw& draw) {
    std::string token(digits);
    bool leading = true;
    for (std::size_t i = 0; i < token.size(); ++i) {
        if (token[i] == 'e' || token[i] == 'E')
            break; // the exponent stays: its size is the number's size
        if (!is_digit(token[i]))
            continue;
        const bool lone_zero = // 0.52: JSON has no other leading zero
            leading && token[i] == '0' && i + 1 < token.size();
        if (kept > 0)
            --kept;
        else if (!lone_zero)
            token[i] = leading ? static_cast<char>('1' + draw.below(9)) : draw.digit();
        leading = false;
    }
    return token;
}

std::string multiple(std::string_view digits, const FormHints& hints, Draw& draw) {
    std::int64_t value = 0;
    const char* const end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, value);
    if (read.ec != std::errc() || read.ptr != end || value < 0)
        return {};
    std::int64_t power = 1; // of as many digits as the value
    while (power <= value / 10)
        power *= 10;
    const std::int64_t step = std::max<std::int64_t>(1, hints.step);
    const std::int64_t least =
        std::max<std::int64_t>(0, hints.least.value_or(value < 10 ? 0 : power));
    const std::int64_t longest =
        power > std::numeric_limits<std::int64_t>::max() / 10 ? power : power * 10 - 1;
    const std::int64_t most = hints.most.value_or(longest);
    const std::int64_t first = least / step + (least % step > 0 ? 1 : 0);
    const std::int64_t last = most / step;
    if (last <= first)
        return {};
    const auto count = static_cast<std::uint64_t>(last - first) + 1;
    return std::to_string((first + static_cast<std::int64_t>(draw.word() % count)) * step);
}

} // namespace weir::tokens
