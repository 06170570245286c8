#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "domain/result.h"
#include "store/read_connection.h"

namespace scr::store {

/// Runs `COPY (query) TO STDOUT (FORMAT binary)` and hands over row after row.
class BinaryCopy {
public:
    /// `stop` ends it soon; whoever sets it cancels the query on the server as well.
    BinaryCopy(ReadConnection& connection, const std::atomic<bool>& stop);

    /// `take(row)` gets the fields of one row, their number first; false from it ends the copy as Corrupt.
    template <class Take>
    [[nodiscard]] domain::Status run(const std::string& query, Take take)
    {
        if (const domain::Status started = start(query); !started)
            return started;
        for (std::string_view row; next(row);) {
            if (!take(row))
                return domain::failure(domain::Fault::Corrupt, "A row of the source is not what its columns promise",
                                       "Check the adapter's views: keys and times must not be null");
        }
        return finish();
    }

private:
    [[nodiscard]] domain::Status start(const std::string& query);
    [[nodiscard]] domain::Status finish();
    [[nodiscard]] bool next(std::string_view& row);
    [[nodiscard]] int nextMessage();
    void pause();
    [[nodiscard]] bool stripHeader(std::string_view& message);

    ReadConnection& m_connection;
    const std::atomic<bool>& m_stop;
    std::vector<char> m_buffer;
    bool m_headerSeen = false;
    std::chrono::microseconds m_pause{500};
    int m_most = 0;         ///< bytes that waited after any pause: what the socket holds, once the server had to wait
    bool m_flowing = false; ///< rows came since the last pause
    bool m_badHeader = false;
};

} // namespace scr::store
