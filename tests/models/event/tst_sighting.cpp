// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads
#include <QtTest>
#include <atomic>
#include <set>
#include <thread>

#include "models/event/sighting.h"

using namespace weir;

class TestSighting : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void a_uuid_is_read_in_all_its_spellings_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("is_one");
        QTest::newRow("lower") << QByteArray("00112233-4455-6677-8899-aabbccddeeff") << true;
        QTest::newRow("upper") << QByteArray("00112233-4455-6677-8899-AABBCCDDEEFF") << true;
        QTest::newRow("bare") << QByteArray("00112233445566778899aAbBcCdDeEfF") << true;
        QTest::newRow("braces") << QByteArray("{00112233-4455-6677-8899-aabbccddeeff}") << true;
        QTest::newRow("half braces")
            << QByteArray("{00112233-4455-6677-8899-aabbccddeeff") << false;
        QTest::newRow("other hyphens")
            << QByteArray("0011-22334455-6677-8899-aabbccddeeff") << false;
        QTest::newRow("a letter too far")
            << QByteArray("g0112233-4455-6677-8899-aabbccddeeff") << false;
        QTest::newRow("the last letter")
            << QByteArray("00112233-4455-6677-8899-aabbccddeefg") << false;
        QTest::newRow("short") << QByteArray("00112233") << false;
        QTest::newRow("nothing") << QByteArray("") << false;
        QTest::newRow("only braces") << QByteArray("{}") << false;
    }
    void a_uuid_is_read_in_all_its_spellings() {
        QFETCH(QByteArray, text);
        QFETCH(bool, is_one);
        std::array<std::uint8_t, 16> bytes{};
        QCOMPARE(parse_uuid(text.toStdString(), bytes), is_one);
        for (std::size_t i = 0; is_one && i < bytes.size(); ++i)
            QCOMPARE(bytes[i], static_cast<std::uint8_t>(i * 0x11));
    }

    void hashes_are_the_same_for_ever() {
        // Stored in files and compared across machines: these figures must never change.
        QCOMPARE(hash_event_id("00112233-4455-6677-8899-aabbccddeeff").value(),
                 hash_event_id("{00112233-4455-6677-8899-AABBCCDDEEFF}").value());
        QCOMPARE(hash_event_id("00112233-4455-6677-8899-aabbccddeeff").value(),
                 std::uint64_t(11233312417098949285ULL));
        QCOMPARE(hash_event_id("order-1").value(), std::uint64_t(10274723533362258348ULL));
        QCOMPARE(hash_coordinates("raw_events", PartitionId(3), Offset(77), 1).value(),
                 std::uint64_t(1282139694119822317ULL));
        QCOMPARE(hash_value("{}"), std::uint64_t(2477458299853781642ULL));
    }

    void each_coordinate_counts() {
        std::set<std::uint64_t> hashes;
        for (const char* place : {"a", "b"}) {
            for (const int partition : {0, 1}) {
                for (const int offset : {0, 1}) {
                    for (const int ordinal : {0, 1})
                        hashes.insert(hash_coordinates(place, PartitionId(partition),
                                                       Offset(offset),
                                                       static_cast<std::uint16_t>(ordinal))
                                          .value());
                }
            }
        }
        QCOMPARE(hashes.size(), 16U);
    }

    void values_are_numbered_once_and_found_again() {
        Interner values;
        const ValueId web = values.id("web");
        QCOMPARE(values.id("web"), web);
        QVERIFY(values.id("ios") != web);
        QCOMPARE(values.text(web), std::string("web"));
        QCOMPARE(values.find("ios"), values.id("ios"));
        QCOMPARE(values.find("android"), no_value);
        QCOMPARE(values.id(""), no_value);
        QCOMPARE(values.text(no_value), std::string());
        QCOMPARE(values.text(ValueId(999)), std::string());
        QCOMPARE(values.size(), std::size_t(2));
    }

    void a_long_value_is_cut_between_two_letters() {
        Interner values;
        std::string text;
        for (int i = 0; i < 200; ++i)
            text += "\xC3\xA9";
        const std::string kept = values.text(values.id(text));
        QCOMPARE(kept.size(), std::size_t(255));
        QCOMPARE(kept.substr(250), std::string("\xC3\xA9\xE2\x80\xA6"));
        QCOMPARE(values.find(text), values.id(text));
        const std::string fits(256, 'x');
        QCOMPARE(values.text(values.id(fits)), fits);
    }

    void what_comes_after_65534_values_is_other_and_counted() {
        const auto values = std::make_shared<Interner>();
        InternerCache cache(values);
        for (int i = 1; i <= 65'534; ++i)
            QCOMPARE(values->id(std::to_string(i)).value(), std::uint16_t(i));
        QCOMPARE(values->id("one more"), other_value);
        QCOMPARE(cache.id("another"), other_value);
        QCOMPARE(values->overflowed(), std::uint64_t(2));
        QCOMPARE(values->text(other_value), std::string("(other)"));
        QCOMPARE(values->text(values->id("65534")), std::string("65534"));
    }

    void a_cache_answers_as_its_interner_does() {
        const auto values = std::make_shared<Interner>();
        InternerCache cache(values);
        for (int round = 0; round < 2; ++round) {
            for (int i = 0; i < 5'000; ++i) {
                const std::string value = "v" + std::to_string(i);
                QCOMPARE(cache.id(value), values->id(value));
            }
        }
        QCOMPARE(cache.id(""), no_value);
    }

    void threads_agree_on_numbers() {
        const auto values = std::make_shared<Interner>();
        PlaceTable places;
        std::atomic<int> wrong = 0;
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&] {
                InternerCache cache(values);
                for (int i = 0; i < 2'000; ++i) {
                    const std::string name = std::to_string(i % 100);
                    wrong += values->text(cache.id(name)) != name;
                    wrong += places.name(places.id("c", name)) != name;
                }
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(wrong.load(), 0);
        QCOMPARE(values->size(), std::size_t(100));
        QCOMPARE(places.id("c", "new").value(), std::uint16_t(100));
    }

    void a_place_is_its_connection_and_its_name() {
        PlaceTable places;
        const PlaceId raw = places.id("prod", "raw_events");
        QCOMPARE(places.id("prod", "raw_events"), raw);
        QVERIFY(places.id("sandbox", "raw_events") != raw);
        QCOMPARE(places.name(raw), std::string("raw_events"));
        QCOMPARE(places.connection(raw), std::string("prod"));
        QCOMPARE(places.name(PlaceId(77)), std::string());
        for (int i = 0; i < 65'540; ++i)
            places.id("many", std::to_string(i));
        QCOMPARE(places.name(places.id("many", "one more")), std::string("(other)"));
        QCOMPARE(places.overflowed(), std::uint64_t(65'540 + 2 - 65'534 + 1));
        QCOMPARE(places.id("prod", "raw_events"), raw);
    }

    void a_vocabulary_begins_with_the_type_and_has_eight_dimensions_at_most() {
        const auto names = Vocabulary::create({"platform", "type", "platform"});
        QCOMPARE(names->dimension_names, (std::vector<std::string>{"type", "platform"}));
        QCOMPARE(names->dimension("platform"), 1);
        QCOMPARE(names->dimension("tenant"), -1);
        const auto many = Vocabulary::create({"a", "b", "c", "d", "e", "f", "g", "h", "i"});
        QCOMPARE(many->dimensions.size(), max_dimensions);
    }
};

QTEST_GUILESS_MAIN(TestSighting)
#include "tst_sighting.moc"
