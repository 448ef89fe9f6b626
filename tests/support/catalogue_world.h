// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A small world for tests of the catalogue: a folder of contracts that the test writes, and events
// that are counted without a broker.
// Thread contract: one owner.
#pragma once

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/catalogue/catalogue.h"
#include "models/event/filter/time_text.h"

namespace weir::test {

struct SeenEvent {
    std::string type = "purchase";
    std::string version = "2";
    std::string source = "client";
    std::string topic = "raw_events";
    std::int64_t time_s = 1'700'000'000;
    Outcome outcome = Outcome::Seen;
    std::string connection = "shop-kafka";
    bool has_origin = false; // it was written elsewhere before
};

class CatalogueWorld {
  public:
    explicit CatalogueWorld(std::vector<std::string> dimensions = {"type", "source",
                                                                   "schema_version"})
        : vocabulary(Vocabulary::create(std::move(dimensions)))
        , counts(std::make_unique<VersionCounts>(*vocabulary)) {}

    Sighting sighting(const SeenEvent& event) const {
        Sighting s;
        s.place = vocabulary->places->id(event.connection, event.topic);
        const auto set = [&](const char* name, const std::string& value) {
            const int dimension = vocabulary->dimension(name);
            if (dimension >= 0)
                s.dimensions[static_cast<std::size_t>(dimension)] =
                    vocabulary->dimensions[static_cast<std::size_t>(dimension)]->id(value);
        };
        set("type", event.type);
        set("schema_version", event.version);
        set("source", event.source);
        s.record_time = Micros(event.time_s * 1'000'000);
        s.timestamp_type = TimestampType::CreateTime;
        s.outcome = event.outcome;
        if (event.has_origin)
            s.origin = {s.place, PartitionId(0), Offset(1)};
        return s;
    }

    void see(const SeenEvent& event, int times = 1) {
        SightingBatch batch;
        batch.sightings.assign(static_cast<std::size_t>(times), sighting(event));
        counts->absorb(batch);
        counts->publish();
    }

    /// A file of the contracts' folder; load() reads it.
    void write(const std::string& name, const std::string& text) const {
        const QString path = folder.filePath(QString::fromStdString(name));
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) ||
            file.write(text.data(), static_cast<qint64>(text.size())) < 0)
            qFatal("%s cannot be written", name.c_str());
    }
    void remove(const std::string& name) const {
        QFile::remove(folder.filePath(QString::fromStdString(name)));
    }
    /// A contract with a price of that schema. `more` stands among its members.
    void contract(const std::string& type, int version, const std::string& more = {},
                  const std::string& price = R"({"type": "number", "minimum": 0, "unit": "EUR"})",
                  const std::string& required = R"("price")") const {
        write(
            type + "/" + std::to_string(version) + ".json",
            R"({"weir_contract": 1, "type": ")" + type + R"(", "version": )" +
                std::to_string(version) + R"(, "owner": "checkout team", )" + more +
                R"("schema": {"type": "object", "required": [)" + required +
                R"(], "properties": {"price": )" + price +
                R"(, "email": {"type": "string", "pii": "email", "description": "to reach them"}}}})");
    }
    void load() {
        auto loaded = ContractSet::load(folder.path().toStdString());
        if (!loaded)
            qFatal("%s", loaded.error().text().c_str());
        contracts = *loaded;
    }

    CatalogueParts parts() const {
        CatalogueParts all;
        all.contracts = contracts;
        all.counts = {counts->snapshot()};
        all.vocabulary = vocabulary;
        all.disclosure = disclosure;
        all.now = today;
        return all;
    }
    std::shared_ptr<const Catalogue> catalogue() const { return make_catalogue(parts()); }

    QTemporaryDir folder;
    std::shared_ptr<Vocabulary> vocabulary;
    std::unique_ptr<VersionCounts> counts;
    std::shared_ptr<const ContractSet> contracts;
    std::shared_ptr<const DisclosurePolicy> disclosure = DisclosurePolicy::none();
    Micros today = *parse_instant("2026-11-20T12:00:00Z");
};

} // namespace weir::test
