// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/enrich/device.h"

#include <algorithm>
#include <iterator>

namespace weir::sandbox {
namespace {

struct Word {
    std::string_view token;
    std::string_view means;
};

/// The first that is found counts: browsers name those that they descend from, too.
constexpr Word browsers[] = {{"Edg/", "Edge"},
                             {"EdgA/", "Edge"},
                             {"EdgiOS/", "Edge"},
                             {"OPR/", "Opera"},
                             {"SamsungBrowser/", "Samsung Internet"},
                             {"FxiOS/", "Firefox"},
                             {"Firefox/", "Firefox"},
                             {"CriOS/", "Chrome"},
                             {"Chrome/", "Chrome"},
                             {"Safari/", "Safari"}};

constexpr Word systems[] = {{"Windows", "Windows"}, {"Android", "Android"}, {"iPhone", "iOS"},
                            {"iPod", "iOS"},        {"iPad", "iPadOS"},     {"Macintosh", "macOS"},
                            {"Mac OS X", "macOS"},  {"CrOS", "ChromeOS"},   {"Linux", "Linux"}};

constexpr std::string_view robots[] = {"bot",
                                       "Bot",
                                       "crawl",
                                       "Crawl",
                                       "spider",
                                       "Spider",
                                       "HeadlessChrome",
                                       "curl/",
                                       "python-requests/"};

bool has(std::string_view text, std::string_view token) {
    return text.find(token) != std::string_view::npos;
}

std::string_view digits_behind(std::string_view text, std::string_view token) {
    const std::size_t at = text.find(token);
    if (at == std::string_view::npos)
        return {};
    text.remove_prefix(at + token.size());
    const auto end =
        std::find_if(text.begin(), text.end(), [](char c) { return c < '0' || c > '9'; });
    return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

std::string_view type_of(std::string_view agent, std::string_view system) {
    if (std::any_of(std::begin(robots), std::end(robots),
                    [&](std::string_view token) { return has(agent, token); }))
        return "bot";
    if (system == "iPadOS" || has(agent, "Tablet"))
        return "tablet";
    if (system == "iOS" || has(agent, "Mobile"))
        return "phone";
    if (system == "Android")
        return "tablet"; // phones say "Mobile"
    return system.empty() ? "unknown" : "desktop";
}

} // namespace

Device device_of(std::string_view user_agent) {
    Device device;
    for (const Word& word : systems)
        if (has(user_agent, word.token)) {
            device.system = word.means;
            break;
        }
    for (const Word& word : browsers)
        if (has(user_agent, word.token)) {
            device.browser = word.means;
            device.version = digits_behind(user_agent, word.token);
            break;
        }
    if (device.browser == "Safari") // what stands behind "Safari/" is its engine's version
        device.version = digits_behind(user_agent, "Version/");
    device.type = type_of(user_agent, device.system);
    return device;
}

} // namespace weir::sandbox
