// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/export_job.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>

#include "connectors/archive/part_file.h"
#include "models/event/json/utf8.h"
#include "models/event/worker_thread.h"
#include "models/live/record_text.h"
#include "models/live/row_reader.h"

namespace weir {

namespace {

constexpr std::size_t buffer_bytes = 1u << 20;

} // namespace

/// Shared by the job and its thread: whichever ends last.
struct ExportJob::Private {
    ExportRequest request;
    std::atomic<std::uint64_t> done{0}, left_out{0};
    std::atomic<bool> cancelled{false}, finished{false};
    std::uint64_t total = 0;
    std::size_t key_column = 0; // beyond the columns: there is none
    mutable std::mutex mutex;
    std::optional<Error> error; // guarded by mutex

    void run() {
        Result<void> result = write_all();
        if (!result) {
            const std::lock_guard lock(mutex);
            error = std::move(result).error();
        }
        finished = true;
    }

    RowRef row(std::uint64_t index) const {
        return request.rows.empty() ? request.snapshot->rows.at(index) : request.rows[index];
    }

    Result<void> write_all();
    void append_payload(const TableRow& row, std::string& out) const;
    void append(RowReader& reader, const Segment& segment, std::uint32_t row, std::string& out);
};

Result<void> ExportJob::Private::write_all() {
    if (request.make_disclosure) {
        auto made = request.make_disclosure();
        if (!made)
            return std::move(made).error();
        request.disclosure = *std::move(made);
    }
    if (request.announce)
        if (auto announced = request.announce(); !announced)
            return announced;
    PartFile file(request.path, PartFile::Part::Own);
    if (auto opened = file.write({}); !opened)
        return opened;
    RowReader reader(request.vocabulary, request.disclosure, RowReader::Style::Whole,
                     request.decoders ? request.decoders() : nullptr);
    reader.set_columns(request.columns);
    if (request.format == ExportFormat::Csv)
        reader.keep_values();
    const auto key = std::find(request.columns.begin(), request.columns.end(),
                               ColumnSpec{ColumnSpec::Kind::Key, {}});
    key_column = static_cast<std::size_t>(key - request.columns.begin());
    std::string buffer;
    if (request.format == ExportFormat::Csv) {
        for (std::size_t i = 0; i < request.columns.size(); ++i) {
            buffer += i > 0 ? "," : "";
            append_csv_field(request.columns[i].export_name(), buffer);
        }
        buffer += key_column < request.columns.size() ? ",value,encoding,key_encoding\r\n"
                                                      : ",value,encoding\r\n";
    }
    for (std::uint64_t i = 0; i < total; ++i) {
        if (cancelled)
            return Error{
                ErrorCode::Cancelled, "The export was cancelled", request.path, {}, {}, -1};
        const RowRef ref = row(i);
        if (const auto& segment = request.snapshot->segment(ref))
            append(reader, *segment, ref.row, buffer);
        else
            ++left_out;
        done = i + 1;
        if (buffer.size() < buffer_bytes)
            continue;
        if (auto written = file.write(buffer); !written)
            return written;
        buffer.clear();
    }
    if (auto written = file.write(buffer); !written)
        return written;
    return file.finish();
}

/// What no column may hold: the event as it is, and which of the texts are in base64.
void ExportJob::Private::append_payload(const TableRow& row, std::string& out) const {
    out += ',';
    const bool encoded = row.value && append_csv_field(*row.value, out);
    out += row.value ? "" : "null";
    out += encoded ? ",base64" : ",";
    if (key_column < row.cells.size())
        out += is_utf8(row.cells[key_column]) ? "," : ",base64";
    out += "\r\n";
}

void ExportJob::Private::append(RowReader& reader, const Segment& segment, std::uint32_t row,
                                std::string& out) {
    const StoredRow& stored = segment.row(row);
    if (request.format == ExportFormat::Csv) {
        const TableRow cells = reader.read(segment, row);
        for (std::size_t i = 0; i < cells.cells.size(); ++i) {
            out += i > 0 ? "," : "";
            if (request.columns[i].kind == ColumnSpec::Kind::Time)
                append_csv_field(rfc3339(Micros(cells.time_us)), out);
            else if (cells.states[i] == CellState::Given)
                append_csv_field(cells.cells[i], out);
            else
                out += cells.cells[i]; // "null", or nothing, as no text is written
        }
        append_payload(cells, out);
        return;
    }
    const std::string topic = request.vocabulary->places->name(PlaceId(stored.place));
    append_row_json(segment, row, topic, reader.disclose(segment, row), out);
    out += '\n';
}

ExportJob::ExportJob(std::shared_ptr<Private> state)
    : d(std::move(state)) {}

std::unique_ptr<ExportJob> ExportJob::start(ExportRequest request) {
    auto state = std::make_shared<Private>();
    state->total = request.rows.empty() ? request.snapshot->matched() : request.rows.size();
    state->request = std::move(request);
    start_worker([state] { state->run(); });
    return std::unique_ptr<ExportJob>(new ExportJob(std::move(state)));
}

ExportJob::~ExportJob() {
    cancel();
}

void ExportJob::cancel() {
    d->cancelled = true;
}

ExportJob::Progress ExportJob::progress() const {
    const bool finished = d->finished;
    return {d->done, d->total, d->left_out, finished};
}

Result<void> ExportJob::result() const {
    const std::lock_guard lock(d->mutex);
    if (d->error)
        return *d->error;
    return {};
}

const std::string& ExportJob::path() const {
    return d->request.path;
}

} // namespace weir
