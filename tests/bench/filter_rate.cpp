// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How fast filters run over events of about 535 bytes in memory, per second of one core's time:
// with every shortcut, without any, and the same question asked through nlohmann/json. And how fast
// a literal is found, against memmem and std::string_view::find. Usage: filter_rate [EVENTS]
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <random>

#include <nlohmann/json.hpp>

#include "models/event/filter/filter.h"
#include "models/event/filter/literal_finder.h"

using namespace weir;

namespace {

struct Paths : FieldPaths {
    const std::vector<std::string>& paths(std::string_view field) const override {
        static const std::vector<std::string> id{"event_id"};
        static const std::vector<std::string> type{"event_type"};
        static const std::vector<std::string> none;
        return field == "id" ? id : field == "type" ? type : none;
    }
};

std::string uuid(std::mt19937_64& random) {
    char text[40];
    std::snprintf(text, sizeof text, "%08x-%04x-4%03x-a%03x-%012llx",
                  static_cast<unsigned>(random() & 0xFFFFFFFF),
                  static_cast<unsigned>(random() & 0xFFFF), static_cast<unsigned>(random() & 0xFFF),
                  static_cast<unsigned>(random() & 0xFFF),
                  static_cast<unsigned long long>(random() & 0xFFFFFFFFFFFF));
    return text;
}

struct Events {
    std::vector<std::string> ids, types, values;
    std::vector<Sighting> sightings;
    std::size_t bytes = 0;
};

Events make_events(std::size_t count, Vocabulary& vocabulary) {
    static const char* const names[] = {"page_view", "add_to_cart", "purchase", "search"};
    std::mt19937_64 random(1);
    Events events;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string type = names[random() % 4];
        events.ids.push_back(uuid(random));
        events.types.push_back(type);
        events.values.push_back(
            R"({"event_id":")" + events.ids.back() + R"(","event_type":")" + type +
            R"(","schema_version":3,"session_id":"s-)" + std::to_string(random() % 100'000) +
            R"(","anonymous_id":")" + uuid(random) +
            R"(","user_id":null,"source":"client","source_id":"wk_web","platform":"web",)"
            R"("event_time":"2026-05-01T11:58:00.250Z","sent_time":"2026-05-01T11:58:01.000Z",)"
            R"("context":{"app_version":"5.10.2","locale":"de-DE","page":"/product/4711",)"
            R"("campaign":{"source":"news","medium":"email","campaign":"spring"}},)"
            R"("properties":{"price":)" +
            std::to_string(random() % 200) + ".50,\"currency\":\"EUR\",\"items\":[{\"sku\":\"A-" +
            std::to_string(random() % 1000) + R"(","qty":1},{"sku":"B-2","qty":2}]}})");
        events.bytes += events.values.back().size();
        Sighting sighting;
        sighting.key = hash_event_id(events.ids.back());
        sighting.key_source = KeySource::EventId;
        sighting.dimensions[0] = vocabulary.dimensions[0]->id(type);
        events.sightings.push_back(sighting);
    }
    return events;
}

struct Measured {
    double seconds = 0;
    std::size_t matches = 0;
};

/// Seconds of processor time that this thread has had: other programs do not count.
double cpu_seconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

Measured measure(std::size_t count, const std::function<bool(std::size_t)>& test) {
    Measured best;
    for (int run = 0; run < 5; ++run) {
        const double start = cpu_seconds();
        std::size_t matches = 0;
        for (std::size_t i = 0; i < count; ++i)
            matches += test(i) ? 1 : 0;
        const double took = cpu_seconds() - start;
        if (run == 0 || took < best.seconds)
            best = {took, matches};
    }
    return best;
}

void compare(const char* text, const Events& events,
             const std::shared_ptr<const Vocabulary>& vocabulary,
             const std::function<bool(const nlohmann::json&)>& rival) {
    static const Paths paths;
    const auto filter = Filter::parse(text, Micros(1'777'636'800'000'000));
    const auto evaluator = FilterEvaluator::create(*filter, vocabulary);
    FilterInput input;
    input.topic = "raw_events";
    input.key_null = false;
    input.key = "s-17";
    input.paths = &paths;
    const auto prepare = [&](std::size_t i) -> const FilterInput& {
        input.value = events.values[i];
        input.sighting = &events.sightings[i];
        return input;
    };
    const std::size_t count = events.values.size();
    const Measured fast =
        measure(count, [&](std::size_t i) { return evaluator->matches(prepare(i)); });
    const Measured slow =
        measure(count, [&](std::size_t i) { return evaluator->matches_slowly(prepare(i)); });
    const std::size_t some = count / 50;
    const Measured other = measure(
        some, [&](std::size_t i) { return rival(nlohmann::json::parse(events.values[i])); });
    const auto rate = [](std::size_t n, const Measured& m) {
        return static_cast<double>(n) / m.seconds / 1e6;
    };
    std::printf("%-58s %8.2f %8.2f %8.2f   %zu%s\n", text, rate(count, fast), rate(count, slow),
                rate(some, other), fast.matches,
                fast.matches == slow.matches ? "" : "  DIFFERENT WITHOUT SHORTCUTS");
}

void compare_finders(const Events& events, const std::string& literal) {
    const LiteralFinder exact(literal);
    const LiteralFinder folded(literal, true);
    const std::size_t count = events.values.size();
    const auto gigabytes = [&](const std::function<bool(std::size_t)>& test) {
        return static_cast<double>(events.bytes) / measure(count, test).seconds / 1e9;
    };
    const auto value = [&](std::size_t i) -> const std::string& { return events.values[i]; };
    const auto memmem_finds = [&](std::size_t i) {
        return memmem(value(i).data(), value(i).size(), literal.data(), literal.size()) != nullptr;
    };
    std::printf("%-40s %8.1f %8.1f %8.1f %8.1f %8.1f\n", literal.c_str(),
                gigabytes([&](std::size_t i) { return exact.found_in(value(i)); }),
                gigabytes([&](std::size_t i) { return folded.found_in(value(i)); }),
                gigabytes([&](std::size_t i) { return exact.found_or_escaped(value(i)); }),
                gigabytes(memmem_finds), gigabytes([&](std::size_t i) {
                    return value(i).find(literal) != std::string::npos;
                }));
}

} // namespace

int main(int argc, char** argv) {
    const std::size_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 200'000;
    const auto vocabulary = Vocabulary::create({"type"});
    const Events events = make_events(count, *vocabulary);
    const std::string wanted = events.ids[count / 2];
    std::printf("%zu events, %.0f bytes each\n\nmillion rows a second of one core%25s %8s %8s %8s  "
                " matches\n",
                count, static_cast<double>(events.bytes) / static_cast<double>(count), "", "weir",
                "slowly", "nlohmann");
    const auto has_text = [&](const nlohmann::json& e) {
        return e.dump().find(wanted) != std::string::npos;
    };
    compare(wanted.c_str(), events, vocabulary, has_text);
    compare(("id == " + wanted).c_str(), events, vocabulary,
            [&](const nlohmann::json& e) { return e["event_id"] == wanted; });
    compare("type == \"purchase\"", events, vocabulary,
            [](const nlohmann::json& e) { return e["event_type"] == "purchase"; });
    compare("properties.price > 100", events, vocabulary,
            [](const nlohmann::json& e) { return e["properties"]["price"] > 100; });
    compare("type == \"purchase\" and properties.price > 100", events, vocabulary,
            [](const nlohmann::json& e) {
                return e["event_type"] == "purchase" && e["properties"]["price"] > 100;
            });
    compare("properties.items[*].sku == \"A-7\"", events, vocabulary, [](const nlohmann::json& e) {
        for (const auto& item : e["properties"]["items"]) {
            if (item["sku"] == "A-7")
                return true;
        }
        return false;
    });
    compare(
        "context.page matches \"^/product/4\"", events, vocabulary, [](const nlohmann::json& e) {
            return e["context"]["page"].get_ref<const std::string&>().rfind("/product/4", 0) == 0;
        });
    compare("properties.coupon exists", events, vocabulary,
            [](const nlohmann::json& e) { return e["properties"].contains("coupon"); });
    std::printf("\nGB a second%29s %8s %8s %8s %8s %8s\n", "", "exact", "folded", "escaped",
                "memmem", "find");
    compare_finders(events, wanted);
    compare_finders(events, "\"coupon\"");
    compare_finders(events, "checkout_failed");
    return 0;
}
