// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "models/sandbox/stitch/likely_owners.h"
#include "models/sandbox/workers/enrich.h"
#include "models/sandbox/workers/stitch_identities.h"
#include "tests/models/sandbox/workers/side_table.h"
#include "tests/support/verify.h"
#include "tests/support/warehouse_kinds_test.h"

using namespace weir;
using namespace weir::sandbox;
using namespace weir::test;
using namespace std::string_literals;

namespace {

/// What one event tells: a device, perhaps a user, perhaps a signal.
struct Told {
    std::string device, user, signal;
    std::string json() const {
        return R"({"event_id":"e","event_type":"t","received_time":"2026-05-01T12:00:00Z",)"
               "\"anonymous_id\":\"" +
               device + "\"" + (user.empty() ? "" : ",\"user_id\":\"" + user + "\"") +
               ",\"enrichment\":{\"version\":1" +
               (signal.empty() ? "" : ",\"signal\":\"" + signal + "\"") + "}}";
    }
};

/// An enricher's output: each event, and those with a user once more, by user.
class Telling {
  public:
    explicit Telling(Stage& stage)
        : m_story(stage) {}
    void tell(const Told& told) {
        m_story.take_from(enriched_topic, 0, m_offset++, told.json());
        if (!told.user.empty())
            m_story.take_from(by_user_topic, 1, m_by_user++, told.json());
    }
    Result<Keeper::Kept> keep() { return m_story.keep(); }

  private:
    KeeperStory m_story;
    std::int64_t m_offset = 0;
    std::int64_t m_by_user = 0;
};

constexpr const char* all_links =
    "SELECT anonymous_id, user_id, method, CAST(confidence * 10000 AS integer) AS per_10000 "
    "FROM identities ORDER BY anonymous_id, user_id, method";

std::string link(const std::string& device, const std::string& user, const std::string& method,
                 int per_10000) {
    return "{\"anonymous_id\":\"" + device + "\",\"user_id\":\"" + user + "\",\"method\":\"" +
           method + "\",\"per_10000\":" + std::to_string(per_10000) + "}\n";
}

} // namespace

/// Which devices are whose: what is known, and what is likely.
class TestStitchIdentities : public WarehouseKindsTest {
    Q_OBJECT
  private Q_SLOTS:
    void what_is_known_and_what_is_likely_stay_apart_data() { add_warehouse_kinds(); }
    void what_is_known_and_what_is_likely_stay_apart() {
        SideTable<StitchIdentities> table(server(), m_folder.path());
        Telling story(table.stage());
        story.tell({"laptop", "u1", "home"});
        story.tell({"phone", "", "home"});
        story.tell({"stranger", "", "elsewhere"});
        VERIFY_OK(story.keep());
        QCOMPARE(table.rows(all_links), link("laptop", "u1", "deterministic", 10'000) +
                                            link("phone", "u1", "probabilistic", 5'000));
        // A second signal makes it likelier, another user of the first one less so.
        story.tell({"laptop", "u1", "office"});
        story.tell({"phone", "", "office"});
        VERIFY_OK(story.keep());
        QCOMPARE(table.rows(all_links), link("laptop", "u1", "deterministic", 10'000) +
                                            link("phone", "u1", "probabilistic", 7'500));
        story.tell({"tablet", "u2", "home"});
        VERIFY_OK(story.keep());
        QCOMPARE(
            table.rows("SELECT user_id, CAST(confidence * 10000 AS integer) AS n, evidence FROM "
                       "identities WHERE "
                       "anonymous_id = 'phone'"),
            "{\"user_id\":\"u1\",\"n\":6250,"
            "\"evidence\":\"2 signals shared with this user's devices\"}\n"s);
        // Once it is known, nothing is likely any more.
        story.tell({"phone", "u3", ""});
        VERIFY_OK(story.keep());
        QCOMPARE(table.rows(all_links), link("laptop", "u1", "deterministic", 10'000) +
                                            link("phone", "u3", "deterministic", 10'000) +
                                            link("tablet", "u2", "deterministic", 10'000));
    }

    void a_crowds_signal_says_nothing_data() { add_warehouse_kinds(); }
    void a_crowds_signal_says_nothing() {
        SideTable<StitchIdentities> table(server(), m_folder.path());
        Telling story(table.stage());
        story.tell({"laptop", "u1", "airport"});
        story.tell({"phone", "", "airport"});
        VERIFY_OK(story.keep());
        QCOMPARE(table.rows("SELECT count(*) AS n FROM identities WHERE method = 'probabilistic'"),
                 "{\"n\":1}\n"s);
        for (int i = 0; i < sharers_max; ++i)
            story.tell({"d" + std::to_string(i), "", "airport"});
        VERIFY_OK(story.keep());
        QCOMPARE(table.rows("SELECT count(*) AS n FROM identities WHERE method = 'probabilistic'"),
                 "{\"n\":0}\n"s);
    }

    void links_are_those_of_all_that_was_seen_in_whatever_order() {
        std::mt19937 random(4);
        std::vector<Told> all;
        for (int i = 0; i < 250; ++i) {
            const int device = static_cast<int>(random() % 40);
            const bool known = device < 15 && random() % 3 == 0;
            all.push_back({"d" + std::to_string(device),
                           known ? "u" + std::to_string(device % 6) : "",
                           random() % 5 ? "s" + std::to_string(random() % 30) : ""});
        }
        const std::string expected = links_of(all);
        QVERIFY(expected.find("probabilistic") != std::string::npos);
        for (int round = 0; round < 4; ++round) {
            SideTable<StitchIdentities> table(nullptr, m_folder.path());
            Telling story(table.stage());
            std::shuffle(all.begin(), all.end(), random);
            for (const Told& told : all) {
                story.tell(told);
                if (random() % 15 == 0)
                    VERIFY_OK(story.keep());
            }
            VERIFY_OK(story.keep());
            QCOMPARE(table.rows("SELECT anonymous_id, user_id, method FROM identities "
                                "ORDER BY anonymous_id, user_id, method"),
                     expected);
        }
    }

  private:
    /// The rule, applied to everything at once.
    static std::string links_of(const std::vector<Told>& all) {
        std::set<std::pair<std::string, std::string>> known;
        std::set<std::string> known_devices;
        std::map<std::string, std::set<std::string>> devices_on, users_on, signals_of;
        for (const Told& told : all) {
            if (!told.user.empty()) {
                known.insert({told.device, told.user});
                known_devices.insert(told.device);
            }
            if (told.signal.empty())
                continue;
            devices_on[told.signal].insert(told.device);
            signals_of[told.device].insert(told.signal);
            if (!told.user.empty())
                users_on[told.signal].insert(told.user);
        }
        std::set<std::tuple<std::string, std::string, std::string>> links;
        for (const auto& [device, user] : known)
            links.insert({device, user, "deterministic"});
        for (const auto& [device, own] : signals_of) {
            std::map<std::string, double> not_them;
            for (const std::string& signal : own)
                if (devices_on[signal].size() <= static_cast<std::size_t>(sharers_max))
                    for (const std::string& user : users_on[signal])
                        not_them.emplace(user, 1).first->second *=
                            1 - 0.5 / static_cast<double>(users_on[signal].size());
            for (const auto& [user, not_him] : not_them)
                if (known_devices.count(device) == 0 && 1 - not_him >= confidence_min)
                    links.insert({device, user, "probabilistic"});
        }
        std::string text;
        for (const auto& [device, user, method] : links)
            text += "{\"anonymous_id\":\"" + device + "\",\"user_id\":\"" + user +
                    "\",\"method\":\"" + method + "\"}\n";
        return text;
    }
};

QTEST_GUILESS_MAIN(TestStitchIdentities)
#include "tst_stitch_identities.moc"
