module example.com/channel

go 1.19
