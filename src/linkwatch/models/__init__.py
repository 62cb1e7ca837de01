"""The values that the stages share, so that none imports another one for its types.

- link: a link as its author wrote it; resource: the playlist, video or channel that it names
- observation: what the endpoints reported, and what is known of a resource or a member
- playlist: the changes inside a playlist; events: the changes of a resource
- records: what the store hands to a report
- acknowledgement, rules, times; filler: words that say nothing of a link
"""
