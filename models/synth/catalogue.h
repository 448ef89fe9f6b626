// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The words of the synthetic shop: what there is to see, to buy and to come from.
// Thread contract: constant data.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "models/synth/random.h"

namespace weir::synth {

/// A word and how often it comes, in parts of the list's sum.
struct Weighted {
    std::string_view text;
    std::uint32_t weight;
};

/// Draws by weight. REQUIRES: the weights add up to 100.
template <std::size_t N>
std::string_view draw(const Weighted (&list)[N], Random& random) {
    std::uint32_t rest = random.below(100);
    for (const Weighted& one : list) {
        if (rest < one.weight)
            return one.text;
        rest -= one.weight;
    }
    return list[0].text;
}

inline constexpr Weighted web_versions[] = {{"2026.1.3", 86}, {"2026.1.2", 11}, {"2025.12.9", 3}};
inline constexpr Weighted ios_versions[] = {
    {"4.7.1", 55}, {"4.7.0", 25}, {"4.6.2", 14}, {"4.5.0", 6}};
inline constexpr Weighted android_versions[] = {
    {"4.7.1", 40}, {"4.7.0", 30}, {"4.6.2", 20}, {"4.4.1", 10}};

inline constexpr Weighted web_agents[] = {{"Mozilla/5.0 Chrome/130", 61},
                                          {"Mozilla/5.0 Safari/605", 24},
                                          {"Mozilla/5.0 Firefox/132", 15}};

inline constexpr Weighted locales[] = {{"en-US", 38}, {"de-DE", 22}, {"en-GB", 14},
                                       {"fr-FR", 12}, {"ja-JP", 8},  {"pt-BR", 6}};
inline constexpr Weighted currencies[] = {{"EUR", 55}, {"USD", 30}, {"GBP", 15}};

/// {source, medium, campaign} as they stand in context.campaign.
inline constexpr Weighted campaigns[] = {
    {R"({"source":"newsletter","medium":"email","campaign":"winter_sale"})", 40},
    {R"({"source":"search","medium":"cpc","campaign":"brand"})", 35},
    {R"({"source":"social","medium":"paid","campaign":"retargeting_q1"})", 25}};
inline constexpr Weighted referrers[] = {{"https://search.example.com/", 60},
                                         {"https://news.example.org/shop", 25},
                                         {"https://partner.example.net/", 15}};

inline constexpr Weighted categories[] = {{"shoes", 24}, {"jackets", 18}, {"bags", 16},
                                          {"lamps", 12}, {"books", 20},   {"garden", 10}};

/// JSON-escaped, as it is typed into a search box; some of it wants to be mistaken for something.
inline constexpr Weighted queries[] = {{"running shoes", 26},    {"rain jacket", 22},
                                       {"desk lamp", 18},        {"grün & größer", 10},
                                       {"caf\\u00e9 crème", 8},  {"赤い靴", 6},
                                       {"13\\\" laptop bag", 4}, {"<b>sale</b>", 3},
                                       {"=SUM(A1:A9)", 2},       {"'; drop table users; --", 1}};
inline constexpr Weighted paths[] = {{"/", 30},         {"/sale", 18},    {"/shoes", 16},
                                     {"/jackets", 12},  {"/account", 10}, {"/help/returns", 8},
                                     {"/stores/map", 6}};
inline constexpr Weighted mail_hosts[] = {
    {"example.com", 60}, {"example.org", 25}, {"example.net", 15}};
inline constexpr Weighted ip_nets[] = {{"192.0.2.", 34}, {"198.51.100.", 33}, {"203.0.113.", 33}};

/// Event types that no contract knows.
inline constexpr Weighted unknown_types[] = {
    {"pruchase", 40}, {"checkout_v3_beta", 35}, {"Page View", 25}};
/// Payloads that are not JSON.
inline constexpr Weighted not_json[] = {{"ping", 40},
                                        {"<html><body>502 Bad Gateway</body></html>", 35},
                                        {"event_type=page_view&sku=4821", 25}};

/// Ids that a detour through a double would round; they come up among the order ids.
inline constexpr std::string_view large_ids[] = {"-7210194211959421178", "23958446825181076828"};

} // namespace weir::synth
