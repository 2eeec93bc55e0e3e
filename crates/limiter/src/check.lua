-- Takes one from each of the limits, or from none.
--
-- KEYS:    one for each limit
-- ARGV:    for each limit how many microseconds one takes to come back, and how many there are
-- Returns: how many microseconds to wait; 0 when all were taken
--
-- What a key holds is the moment, in microseconds, at which all will have come back. The clock is
-- Redis's own, because those of several servers differ.

local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local wait = 0
local full = {}

for i, key in ipairs(KEYS) do
    local interval = tonumber(ARGV[2 * i - 1])
    local burst = tonumber(ARGV[2 * i])
    -- A key that is named twice is taken from twice.
    local before = full[key] or tonumber(redis.call('GET', key) or 0)
    full[key] = math.max(before, now) + interval
    wait = math.max(wait, full[key] - now - interval * burst)
end

if wait > 0 then
    return wait
end

for key, moment in pairs(full) do
    -- '%.0f': Lua would write a number of this size as 1.7e+15. From that moment on the key says
    -- nothing more than its absence.
    redis.call('SET', key, string.format('%.0f', moment), 'PX', math.ceil((moment - now) / 1000))
end
return 0
